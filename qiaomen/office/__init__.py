"""Who works here, who may see whom, and the ledger of every act and every look."""
