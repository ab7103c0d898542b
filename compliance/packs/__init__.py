"""The shipped contact rules, one YAML file a jurisdiction."""
