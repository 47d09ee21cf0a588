"""The probe, against real sockets."""
