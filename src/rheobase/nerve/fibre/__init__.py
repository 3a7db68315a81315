"""A whole myelinated fibre (McIntyre, Richardson & Grill 2002): conduction, where an impulse begins, doublets."""
