"""All Ibis and SQL of the capability: published stages, recorded changes, the thresholds that people edit."""
