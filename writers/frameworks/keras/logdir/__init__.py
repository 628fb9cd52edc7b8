"""The folder of a training: which runs are made in it, what they hold already, and where it is shown."""
