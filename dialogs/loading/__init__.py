"""From a folder of YAML files to a checked and compiled pack."""
