"""The live engine: the only place that imports the docker SDK."""
