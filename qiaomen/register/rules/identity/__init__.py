"""Who a row of a list is: `facts` compares, `household_rows` groups the rows, `decisions` decides or asks."""
