// Nothing: what a start of node costs.
