"""Weekly bulletins: figures, frozen with the records behind them."""
