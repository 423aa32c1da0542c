"""What a bulletin and the page of figures show: numbers, the lists behind them, what has changed since."""
