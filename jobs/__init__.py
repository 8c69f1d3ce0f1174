"""What happens by the clock: ticks that look what is due, and the lanes that send it."""
