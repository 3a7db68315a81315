"""Which row of the arrays holds what: states and parameters of every axon, gates at the node and under the myelin."""

from __future__ import annotations

# States.
V, VI, M, H, P, N, S, SI, Q, NI = range(10)
STATES = 10
# Gates in the order of their rows; the last three are under the myelin.
GATES = ("m", "h", "p", "n", "s", "si", "q", "ni")
NODE_GATES = 5

# Parameters of an axon in its serum: [mV], [nS], [pF], [pA] and, for sodium, [pA L/mmol].
(
    SHIFT_NA, SHIFT_K, SHIFT_Q, NA_FAST, NA_KEPT, BLOCK_NORMAL, BLOCK, NA_OUT, G_KF, G_KS, E_K, G_LIN, I_LIN,
    G_KSI, G_KFI, G_H, E_H, G_LIN_I, I_LIN_I, G_BB, C_NODE, C_MYELIN, C_INTERNODE,
) = range(23)  # fmt: skip
PARAMETERS = 23
