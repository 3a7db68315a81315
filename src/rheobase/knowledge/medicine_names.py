from collections import namedtuple
F=namedtuple('F','id suggestions')
import difflib
class MedicineIndex:
    def __init__(s,m,c): s.m={k for k in [*m,*c]}
    def find(s,t):
        w=t.lower().split()
        for x in w:
            if x in s.m: return F(x,())
        return F(None,tuple(difflib.get_close_matches(w[0] if w else '',s.m,2)))
