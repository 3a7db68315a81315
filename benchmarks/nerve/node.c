/* The node of kernel.py in C with vectors of eight floats: the same formula, as a yardstick for the compiled Python.
   Built and called by speed.py: gcc -O3 -march=native -ffast-math -mrecip -shared -fPIC node.c */
#include <math.h>

#define LANES 8
#define VECTORS 4
typedef float vf __attribute__((vector_size(32)));
typedef int vi __attribute__((vector_size(32)));

static inline vf all(float x) { return (vf){x, x, x, x, x, x, x, x}; }
static inline vf pick(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }
static inline vf size(vf x) { return (vf)((vi)x & 0x7fffffff); }
static inline int any(vi x) {
  long long y __attribute__((vector_size(32))) = (__typeof__(y))x;
  return (y[0] | y[1] | y[2] | y[3]) != 0;
}

static inline vf bounded_exp(vf x, const float *c) {
  vf y = x * 1.4426950408889634f;
  y = pick(y < -24.f, all(-24.f), y);
  y = pick(y > 24.f, all(24.f), y);
  /* Adding 1.5 * 2^23 rounds to the nearest whole number. */
  vf k = __builtin_assoc_barrier(y + 12582912.f) - 12582912.f, f = y - k;
  vf r = c[0] + f * (c[1] + f * (c[2] + f * (c[3] + f * (c[4] + f * c[5]))));
  vi bits = (__builtin_convertvector(k, vi) + 127) << 23;
  return r * (vf)bits;
}

static inline vf moved(vf g, vf u, const float *t, float h, const float *c) {
  vf xa = (u - t[1]) * t[0], xb = (u - t[7]) * t[6];
  xa = pick(size(xa) < t[12], all(t[12]), xa);
  xb = pick(size(xb) < t[12], all(t[12]), xb);
  vf da = t[4] + t[5] * bounded_exp(-xa, c), db = t[10] + t[11] * bounded_exp(-xb, c), w = da * db;
  vf opening = (t[2] + t[3] * xa) * db * h, s = opening + (t[8] + t[9] * xb) * da * h;
  vf even = w * w + t[13] * s * s, odd = t[14] * s * w;
  return (g * (even - odd) + opening * w) / (even + odd);
}

/* states: 10 rows, parameters: 23 rows of n (a multiple of 32) floats, as in layout.py; scalars as in kernel.py. */
void node(int n, int steps, float h, const float *gates, const float *scalars, const float *c, const float *parameters,
          float *states, const float *pulse, float width, int *counts) {
  for (int lo = 0; lo < n; lo += LANES * VECTORS) {
    vf B[10][VECTORS], P[23][VECTORS], pulses[VECTORS];
    for (int q = 0; q < VECTORS; q++) {
      for (int r = 0; r < 10; r++) __builtin_memcpy(&B[r][q], states + r * n + lo + q * LANES, 32);
      for (int r = 0; r < 23; r++) __builtin_memcpy(&P[r][q], parameters + r * n + lo + q * LANES, 32);
      __builtin_memcpy(&pulses[q], pulse + lo + q * LANES, 32);
    }
    for (int k = 0; k <= steps; k++) {
      float step = k > 0 && k < steps ? h : h / 2, per = 2 / h;
      for (int g = 0; g < 5; g++)
        for (int q = 0; q < VECTORS; q++)
          B[2 + g][q] = moved(B[2 + g][q], B[0][q] + P[g < 3 ? 0 : 1][q], gates + 15 * g, step, c);
      if (k == steps) break;
      for (int q = 0; q < VECTORS; q++) {
        vf v = B[0][q], x = v * scalars[0] + scalars[1];
        x = pick(size(x) < 1e-3f, all(1e-3f), x);
        vf e = bounded_exp(x, c), field = bounded_exp(scalars[3] * x, c), inside = scalars[2] * e;
        vf less = e - 1.f, open = 1.f + P[6][q] * field, r = 1.f / (less * open), over = r * open;
        vf free = (1.f + P[5][q] * field) * r * less, top = inside - P[7][q], drive = x * top * over;
        vf slope = (top + x * inside - drive * e) * over * scalars[0];
        vf m = B[2][q], p = B[4][q], nn = B[5][q] * B[5][q];
        vf na = (P[3][q] * m * m * m * B[3][q] + P[4][q] * p * p * p) * free;
        vf pot = P[8][q] * nn * nn + P[9][q] * B[6][q];
        vf current = na * drive + pot * (v - P[10][q]) + P[11][q] * v + P[12][q];
        vf stimulus = k < width ? pulses[q] : all(0.f);
        vf w = v + 2.f * (stimulus - current) / (P[20][q] * per + na * slope + pot + P[11][q]);
        B[0][q] = w;
        vi crossed = (v < scalars[4]) & (w >= scalars[4]);
        if (__builtin_expect(any(crossed), 0))
          for (int j = 0; j < LANES; j++) counts[lo + q * LANES + j] -= crossed[j];
      }
    }
    for (int q = 0; q < VECTORS; q++)
      for (int r = 0; r < 10; r++) __builtin_memcpy(states + r * n + lo + q * LANES, &B[r][q], 32);
  }
}
