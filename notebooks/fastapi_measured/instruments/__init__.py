"""What measures: load generators, the loop's lag, costs, and real servers. Each gives a frozen result."""
