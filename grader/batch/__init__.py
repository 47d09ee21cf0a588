"""A class of hosts: the roster, the run, the gradebook, and what comes out of it."""
