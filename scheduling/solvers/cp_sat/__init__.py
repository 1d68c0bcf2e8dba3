"""The complete CP-SAT model, a poster per rule: exact for small fairs, judge of infeasibility for all."""
