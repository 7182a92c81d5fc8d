// The kernels of the CUDA backend, in CUDA C without any include. `compile` beside this file makes
// engine/src/main/resources/dev/thumbnet/engine/backend/cuda/kernels.ptx of it; run it after each
// change, for a test compares the two.
//
// Conventions:
//  - Arrays are dense and row-major. A kernel exists once for each element type of its large
//    arrays, with the suffix _f32 or _bf16; small arrays (a value for each channel, partial sums)
//    and all arithmetic are in f32.
//  - Pointers come from the allocator and are aligned to 16 bytes at least.
//  - Lengths and indices fit 31 bits; loops count in unsigned, where a step beyond the end cannot
//    overflow.
//  - No atomics: each sum has one order, so that the same inputs give the same bits.
//  - NaN goes through everything as in IEEE arithmetic: comparisons are written so.

// ---------------------------------------------------------------- element types

// The upper half of a float. Converted by integer arithmetic, to do without cuda_bf16.h.
struct bf16 {
  unsigned short bits;
};

__device__ __forceinline__ float widen(float v) {
  return v;
}

__device__ __forceinline__ float widen(bf16 v) {
  return __uint_as_float((unsigned)v.bits << 16);
}

__device__ __forceinline__ void put(float *to, float v) {
  *to = v;
}

// Rounds to the nearest, ties to even; NaN stays NaN.
__device__ __forceinline__ void put(bf16 *to, float v) {
  unsigned bits = __float_as_uint(v);
  unsigned upper = v != v ? (bits >> 16) | 0x40 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  to->bits = (unsigned short)upper;
}

// Four neighbouring elements, in one access to memory.
__device__ __forceinline__ void load4(const float *from, unsigned i, float *v) {
  float4 q = reinterpret_cast<const float4 *>(from)[i];
  v[0] = q.x;
  v[1] = q.y;
  v[2] = q.z;
  v[3] = q.w;
}

__device__ __forceinline__ void load4(const bf16 *from, unsigned i, float *v) {
  ushort4 q = reinterpret_cast<const ushort4 *>(from)[i];
  v[0] = widen(bf16{q.x});
  v[1] = widen(bf16{q.y});
  v[2] = widen(bf16{q.z});
  v[3] = widen(bf16{q.w});
}

__device__ __forceinline__ void store4(float *to, unsigned i, const float *v) {
  float4 q;
  q.x = v[0];
  q.y = v[1];
  q.z = v[2];
  q.w = v[3];
  reinterpret_cast<float4 *>(to)[i] = q;
}

__device__ __forceinline__ void store4(bf16 *to, unsigned i, const float *v) {
  bf16 r[4];
  for (int j = 0; j < 4; j++) {
    put(r + j, v[j]);
  }
  ushort4 q;
  q.x = r[0].bits;
  q.y = r[1].bits;
  q.z = r[2].bits;
  q.w = r[3].bits;
  reinterpret_cast<ushort4 *>(to)[i] = q;
}

// ---------------------------------------------------------------- loops

__device__ __forceinline__ unsigned thread_index() {
  return blockIdx.x * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ unsigned thread_count() {
  return gridDim.x * blockDim.x;
}

// max(v, 0), where NaN stays NaN and -0 becomes 0.
__device__ __forceinline__ float relu_of(float v) {
  return v <= 0 ? 0.0f : v;
}

// The larger of both; NaN if one is NaN.
__device__ __forceinline__ float larger(float a, float b) {
  return a > b || a != a ? a : b;
}

// out[i] = f(a[i], i). Out may be a.
template <typename T, typename F>
__device__ void map1(unsigned n, const T *a, T *out, F f) {
  for (unsigned i = thread_index(); i < n / 4; i += thread_count()) {
    float x[4];
    load4(a, i, x);
    for (int j = 0; j < 4; j++) {
      x[j] = f(x[j], 4 * i + j);
    }
    store4(out, i, x);
  }
  unsigned rest = n / 4 * 4 + thread_index();
  if (rest < n) {
    put(out + rest, f(widen(a[rest]), rest));
  }
}

// out[i] = f(a[i], b[i], i). Out may be a or b.
template <typename T, typename F>
__device__ void map2(unsigned n, const T *a, const T *b, T *out, F f) {
  for (unsigned i = thread_index(); i < n / 4; i += thread_count()) {
    float x[4];
    float y[4];
    load4(a, i, x);
    load4(b, i, y);
    for (int j = 0; j < 4; j++) {
      x[j] = f(x[j], y[j], 4 * i + j);
    }
    store4(out, i, x);
  }
  unsigned rest = n / 4 * 4 + thread_index();
  if (rest < n) {
    put(out + rest, f(widen(a[rest]), widen(b[rest]), rest));
  }
}

// The channel after c, of so many.
__device__ __forceinline__ unsigned next_channel(unsigned c, unsigned channels) {
  return c + 1 == channels ? 0 : c + 1;
}

// out[i] = f(a[i], i, i % channels), with one division for four elements. Out may be a.
template <typename T, typename F>
__device__ void map1_channels(unsigned n, unsigned channels, const T *a, T *out, F f) {
  for (unsigned i = thread_index(); i < n / 4; i += thread_count()) {
    float x[4];
    load4(a, i, x);
    unsigned c = 4 * i % channels;
    for (int j = 0; j < 4; j++) {
      x[j] = f(x[j], 4 * i + j, c);
      c = next_channel(c, channels);
    }
    store4(out, i, x);
  }
  unsigned rest = n / 4 * 4 + thread_index();
  if (rest < n) {
    put(out + rest, f(widen(a[rest]), rest, rest % channels));
  }
}

// out[i] = f(a[i], b[i], i, i % channels), with one division for four elements.
template <typename T, typename F>
__device__ void map2_channels(
    unsigned n, unsigned channels, const T *a, const T *b, T *out, F f) {
  for (unsigned i = thread_index(); i < n / 4; i += thread_count()) {
    float x[4];
    float y[4];
    load4(a, i, x);
    load4(b, i, y);
    unsigned c = 4 * i % channels;
    for (int j = 0; j < 4; j++) {
      x[j] = f(x[j], y[j], 4 * i + j, c);
      c = next_channel(c, channels);
    }
    store4(out, i, x);
  }
  unsigned rest = n / 4 * 4 + thread_index();
  if (rest < n) {
    put(out + rest, f(widen(a[rest]), widen(b[rest]), rest, rest % channels));
  }
}

// out[i] = f(i).
template <typename T, typename F>
__device__ void generate(unsigned n, T *out, F f) {
  for (unsigned i = thread_index(); i < n; i += thread_count()) {
    put(out + i, f(i));
  }
}

// ---------------------------------------------------------------- elementwise

template <typename T>
__device__ void linear_combination(
    unsigned n, float alpha, const T *a, float beta, const T *b, T *out) {
  map2(n, a, b, out, [=](float x, float y, unsigned) { return alpha * x + beta * y; });
}

template <typename T>
__device__ void affine(unsigned n, float scale, const T *x, float shift, T *out) {
  map1(n, x, out, [=](float v, unsigned) { return scale * v + shift; });
}

template <typename T>
__device__ void multiply(unsigned n, const T *a, const T *b, T *out) {
  map2(n, a, b, out, [](float x, float y, unsigned) { return x * y; });
}

template <typename T>
__device__ void divide(unsigned n, const T *a, const T *b, T *out) {
  map2(n, a, b, out, [](float x, float y, unsigned) { return x / y; });
}

template <typename T>
__device__ void maximum(unsigned n, const T *a, const T *b, T *out) {
  map2(n, a, b, out, [](float x, float y, unsigned) { return larger(x, y); });
}

template <typename T>
__device__ void minimum(unsigned n, const T *a, const T *b, T *out) {
  map2(n, a, b, out, [](float x, float y, unsigned) { return x < y || x != x ? x : y; });
}

// Where both are equal each gets half.
template <typename T>
__device__ void maximum_backward(unsigned n, const T *a, const T *b, const T *dy, T *da) {
  generate(n, da, [=](unsigned i) {
    float x = widen(a[i]);
    float y = widen(b[i]);
    float d = widen(dy[i]);
    return x > y ? d : x == y ? d / 2 : 0.0f;
  });
}

template <typename T>
__device__ void add_relu(unsigned n, const T *a, const T *b, T *out) {
  map2(n, a, b, out, [](float x, float y, unsigned) { return relu_of(x + y); });
}

__device__ __forceinline__ float ramp_of(float v) {
  return v < 0 ? 0.0f : v > 6 ? 6.0f : v;
}

// Where v < 0, exp(-v) would overflow where the result is still a number.
__device__ __forceinline__ float silu_of(float v) {
  float t = expf(-fabsf(v));
  return v * ((v < 0 ? t : 1.0f) / (1 + t));
}

// Share of a normal distribution below v.
__device__ __forceinline__ float normal_of(float v) {
  return 0.5f * erfcf(v * -0.70710678f);
}

__device__ __forceinline__ float sigmoid_of(float v) {
  return 1 / (1 + expf(-v));
}

// 2 * sqrt(2 / pi) * (v + 0.044715 v^3), twice what gelu takes tanh of.
__device__ __forceinline__ float gelu_argument(float v) {
  return v * (1.5957691f + 0.07135481f * v * v);
}

__device__ __forceinline__ float softplus_of(float v) {
  return relu_of(v) + log1pf(expf(-fabsf(v)));
}

// w = tanh(ln(1 + e^v)), by t = e^-|v|; rest is 1 - w, without cancellation.
__device__ __forceinline__ float mish_weight(float v, float *rest) {
  float t = expf(-fabsf(v));
  float above = v < 0 ? t * (t + 2) : 1 + 2 * t;
  float below = v < 0 ? 2.0f : 2 * t * t;
  *rest = below / (above + below);
  return above / (above + below);
}

__device__ __forceinline__ float mish_of(float v) {
  float rest;
  return v * mish_weight(v, &rest);
}

// The functions are numbered as the constants of the enum Unary.
template <typename T>
__device__ void unary(int function, unsigned n, const T *x, T *y) {
  map1(n, x, y, [=](float v, unsigned) {
    switch (function) {
      case 0:
        return relu_of(v);
      case 1:
        return 1 / (1 + expf(-v));
      case 2:
        return tanhf(v);
      case 3:
        return expf(v);
      case 4:
        return logf(v);
      case 5:
        return sqrtf(v);
      case 6:
        return v * v;
      case 7:
        return fabsf(v);
      case 8:
        return ramp_of(v);
      case 9:
        return ramp_of(v + 3) * (1.0f / 6);
      case 10:
        return ramp_of(v + 3) * (1.0f / 6) * v;
      case 11:
        return silu_of(v);
      case 12:
        return erff(v);
      case 13:
        return v * normal_of(v);
      case 14:
        return v * sigmoid_of(gelu_argument(v));
      case 15:
        return softplus_of(v);
      case 16:
        return v / (1 + fabsf(v));
      case 17:
        return mish_of(v);
      default:
        return 1 / v;
    }
  });
}

__device__ __forceinline__ float silu_slope(float v) {
  float s = 1 / (1 + expf(-v));
  return s * (1 + v * (1 - s));
}

// s + v s (1 - s) u'; in terms of t = e^-|u| nothing cancels. Beyond 20 the second term is 0.
__device__ __forceinline__ float gelu_tanh_slope(float v) {
  float a = v > 20 ? 20.0f : v < -20 ? -20.0f : v;
  float t = expf(-fabsf(gelu_argument(a)));
  float share = 1 / (1 + t);
  float s = a < 0 ? t * share : share;
  return s + v * (t * share * share) * (1.5957691f + 0.21406444f * a * a);
}

__device__ __forceinline__ float mish_slope(float v) {
  float rest;
  float w = mish_weight(v, &rest);
  return w + v * rest * (1 + w) * sigmoid_of(v);
}

// v is y for the functions whose derivative is told in terms of y, else x.
template <typename T>
__device__ void unary_backward(int function, unsigned n, const T *v, const T *dy, T *dx) {
  map2(n, v, dy, dx, [=](float v, float d, unsigned) {
    switch (function) {
      case 0:
        return v > 0 ? d : 0.0f;
      case 1:
        return v * (1 - v) * d;
      case 2:
        return (1 - v * v) * d;
      case 3:
        return v * d;
      case 4:
        return d / v;
      case 5:
        return d / (2 * v);
      case 6:
        return 2 * v * d;
      case 7:
        return (v > 0 ? 1.0f : v < 0 ? -1.0f : v) * d;
      case 8:
        return v > 0 && v < 6 ? d : 0.0f;
      case 9:
        return v > -3 && v < 3 ? d * (1.0f / 6) : 0.0f;
      case 10:
        return (v <= -3 ? 0.0f : v >= 3 ? 1.0f : (2 * v + 3) * (1.0f / 6)) * d;
      case 11:
        return silu_slope(v) * d;
      case 12:
        return 1.1283792f * expf(-v * v) * d;
      case 13:
        return (normal_of(v) + v * 0.39894228f * expf(-0.5f * v * v)) * d;
      case 14:
        return gelu_tanh_slope(v) * d;
      case 15:
        return sigmoid_of(v) * d;
      case 16:
        return d / ((1 + fabsf(v)) * (1 + fabsf(v)));
      case 17:
        return mish_slope(v) * d;
      default:
        return -v * v * d;
    }
  });
}

template <typename T>
__device__ void leaky_relu(unsigned n, float slope, const T *x, T *y) {
  map1(n, x, y, [=](float v, unsigned) { return v > 0 ? v : slope * v; });
}

template <typename T>
__device__ void leaky_relu_backward(unsigned n, float slope, const T *x, const T *dy, T *dx) {
  map2(n, x, dy, dx, [=](float v, float d, unsigned) { return v > 0 ? d : slope * d; });
}

template <typename T>
__device__ void elu(unsigned n, float scale, float alpha, float rate, const T *x, T *y) {
  map1(n, x, y, [=](float v, unsigned) { return v > 0 ? scale * v : alpha * expm1f(rate * v); });
}

// alpha is the factor of exp(rate * x).
template <typename T>
__device__ void elu_backward(
    unsigned n, float scale, float alpha, float rate, const T *x, const T *dy, T *dx) {
  map2(n, x, dy, dx, [=](float v, float d, unsigned) {
    return (v > 0 ? scale : alpha * expf(rate * v)) * d;
  });
}

// Element i is kept if the top 53 bits of SplitMix64's element i of the stream `key`, as a number
// from 0 to 1, are below `keep`: in double, for the sake of the same bits on every backend.
__device__ float dropout_value(
    unsigned long long key, unsigned i, double keep, float kept) {
  unsigned long long z = key + (i + 1ULL) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  return (double)(z >> 11) * (1.0 / 9007199254740992.0) < keep ? kept : 0.0f;
}

// ---------------------------------------------------------------- (outer, repeat, inner)

// The element of the small array (outer, inner) that goes with element i of the large one; span is
// repeat * inner.
__device__ __forceinline__ unsigned small_index(unsigned i, unsigned span, unsigned inner) {
  return inner == 1 ? i / span : i / span * inner + i % inner;
}

template <typename T>
__device__ void broadcast_add(
    unsigned n, unsigned span, unsigned inner, const T *big, float scale, const float *small,
    T *out) {
  map1(n, big, out, [=](float v, unsigned i) {
    return v + scale * small[small_index(i, span, inner)];
  });
}

template <typename T>
__device__ void broadcast_multiply(
    unsigned n, unsigned span, unsigned inner, const T *big, const float *small, T *out) {
  map1(n, big, out, [=](float v, unsigned i) {
    return v * small[small_index(i, span, inner)];
  });
}

template <typename T>
__device__ void clamp(
    unsigned n, unsigned span, unsigned inner, const T *x, const float *low, const float *high,
    T *y) {
  map1(n, x, y, [=](float v, unsigned i) {
    unsigned j = small_index(i, span, inner);
    return v < low[j] ? low[j] : v > high[j] ? high[j] : v;
  });
}

template <typename T>
__device__ void clamp_backward(
    unsigned n, unsigned span, unsigned inner, const T *x, const float *low, const float *high,
    const T *dy, T *dx) {
  map2(n, x, dy, dx, [=](float v, float d, unsigned i) {
    unsigned j = small_index(i, span, inner);
    return v >= low[j] && v <= high[j] ? d : 0.0f;
  });
}

// ---------------------------------------------------------------- copies

// Row i of the source starts at i * source_stride, of the target at i * target_stride.
template <typename T>
__device__ void copy_rows(
    int rows, int row_length, const T *source, int source_stride, T *target, int target_stride) {
  unsigned long long n = (unsigned long long)rows * row_length;
  for (unsigned long long i = thread_index(); i < n; i += thread_count()) {
    long long row = i / row_length;
    long long column = i % row_length;
    target[row * target_stride + column] = source[row * source_stride + column];
  }
}

template <typename S, typename T>
__device__ void cast(unsigned n, const S *x, T *y) {
  for (unsigned i = thread_index(); i < n / 4; i += thread_count()) {
    float v[4];
    load4(x, i, v);
    store4(y, i, v);
  }
  unsigned rest = n / 4 * 4 + thread_index();
  if (rest < n) {
    put(y + rest, widen(x[rest]));
  }
}

// y = the transpose of x (rows, columns), in tiles of 32x32 so that both sides see whole lines.
// One block of 256 threads to a tile.
template <typename S, typename T>
__device__ void transpose(unsigned rows, unsigned columns, const S *x, T *y) {
  __shared__ float tile[32][33];
  unsigned across = (columns + 31) / 32;
  unsigned top = blockIdx.x / across * 32;
  unsigned left = blockIdx.x % across * 32;
  unsigned lane = threadIdx.x % 32;
  for (unsigned j = threadIdx.x / 32; j < 32; j += 8) {
    if (top + j < rows && left + lane < columns) {
      tile[j][lane] = widen(x[(top + j) * columns + left + lane]);
    }
  }
  __syncthreads();
  for (unsigned j = threadIdx.x / 32; j < 32; j += 8) {
    if (left + j < columns && top + lane < rows) {
      put(y + (left + j) * rows + top + lane, tile[lane][j]);
    }
  }
}

// An array of eight axes: how many elements y has along each and how far apart they are in x.
struct Moves {
  unsigned extents[8];
  unsigned strides[8];
};

template <typename T>
__device__ void permute(unsigned n, Moves moves, const T *x, T *y) {
  for (unsigned i = thread_index(); i < n; i += thread_count()) {
    unsigned rest = i;
    unsigned from = 0;
    for (int axis = 7; axis >= 0; axis--) {
      from += rest % moves.extents[axis] * moves.strides[axis];
      rest /= moves.extents[axis];
    }
    y[i] = x[from];
  }
}

// ---------------------------------------------------------------- reductions over the middle axis

// Blocks of 256 threads take a chunk of the rows of some columns. `lanes`, a power of two up to 32,
// neighbouring threads take as many neighbouring columns, each group of them another row, so that
// a block reads whole lines; then the groups are summed up as a tree.
struct Chunk {
  unsigned column;  // of this thread; may be behind the last
  unsigned row;     // the first one of this thread
  unsigned step;    // to its next one
  unsigned end;     // of the rows of the block
  unsigned chunk;   // number of the chunk
  unsigned outer;   // index of the outer axis
};

__device__ Chunk chunk_of_block(
    unsigned repeat, unsigned inner, unsigned lanes, unsigned rows, unsigned chunks) {
  unsigned tiles = (inner + lanes - 1) / lanes;
  Chunk c;
  c.column = blockIdx.x % tiles * lanes + threadIdx.x % lanes;
  c.chunk = blockIdx.x / tiles % chunks;
  c.outer = blockIdx.x / tiles / chunks;
  c.row = c.chunk * rows + threadIdx.x / lanes;
  c.step = 256 / lanes;
  c.end = c.chunk * rows + rows < repeat ? c.chunk * rows + rows : repeat;
  return c;
}

// Returns to the first `lanes` threads the sum of the threads with the same column.
__device__ float fold_groups(float *shared, float value, unsigned lanes) {
  shared[threadIdx.x] = value;
  __syncthreads();
  for (unsigned half = 128; half >= lanes; half /= 2) {
    if (threadIdx.x < half) {
      shared[threadIdx.x] += shared[threadIdx.x + half];
    }
    __syncthreads();
  }
  return shared[threadIdx.x];
}

// out[outer][chunk][column] = scale * sum of value(i) over the rows of the chunk.
template <typename F>
__device__ void sum_chunks(
    unsigned repeat, unsigned inner, unsigned lanes, unsigned rows, unsigned chunks, float scale,
    float *out, F value) {
  __shared__ float shared[256];
  Chunk c = chunk_of_block(repeat, inner, lanes, rows, chunks);
  float sum = 0;
  if (c.column < inner) {
    for (unsigned r = c.row; r < c.end; r += c.step) {
      sum += value((c.outer * repeat + r) * inner + c.column);
    }
  }
  sum = fold_groups(shared, sum, lanes);
  if (threadIdx.x < lanes && c.column < inner) {
    out[(c.outer * chunks + c.chunk) * inner + c.column] = scale * sum;
  }
}

template <typename T>
__device__ void sum(
    unsigned repeat, unsigned inner, unsigned lanes, unsigned rows, unsigned chunks, float scale,
    const T *big, float *out) {
  sum_chunks(
      repeat, inner, lanes, rows, chunks, scale, out, [=](unsigned i) { return widen(big[i]); });
}

template <typename T>
__device__ void sum_of_products(
    unsigned repeat, unsigned inner, unsigned lanes, unsigned rows, unsigned chunks, float scale,
    const T *a, const T *b, float *out) {
  sum_chunks(repeat, inner, lanes, rows, chunks, scale, out, [=](unsigned i) {
    return widen(a[i]) * widen(b[i]);
  });
}

// The same for few rows: a thread for each column. n is outer * inner.
template <typename F>
__device__ void sum_few(
    unsigned n, unsigned repeat, unsigned inner, float scale, float *out, F value) {
  for (unsigned j = thread_index(); j < n; j += thread_count()) {
    unsigned first = j / inner * repeat * inner + j % inner;
    float sum = 0;
    for (unsigned r = 0; r < repeat; r++) {
      sum += value(first + r * inner);
    }
    out[j] = scale * sum;
  }
}

template <typename T>
__device__ void sum_few_rows(
    unsigned n, unsigned repeat, unsigned inner, float scale, const T *big, float *out) {
  sum_few(n, repeat, inner, scale, out, [=](unsigned i) { return widen(big[i]); });
}

template <typename T>
__device__ void sum_of_products_few_rows(
    unsigned n, unsigned repeat, unsigned inner, float scale, const T *a, const T *b, float *out) {
  sum_few(n, repeat, inner, scale, out, [=](unsigned i) { return widen(a[i]) * widen(b[i]); });
}

// ---------------------------------------------------------------- batch normalisation

// Number, mean and sum of the squared deviations from the mean of some values.
struct Moments {
  float n;
  float mean;
  float squares;
};

// The moments of two sets together (Chan, Golub and LeVeque 1979): no difference of large numbers,
// so that means far from zero cost no digits.
__device__ Moments together(Moments a, Moments b) {
  if (b.n == 0) {
    return a;
  }
  if (a.n == 0) {
    return b;
  }
  float n = a.n + b.n;
  float delta = b.mean - a.mean;
  float share = b.n / n;
  return Moments{n, a.mean + delta * share, a.squares + b.squares + delta * delta * a.n * share};
}

// Returns to the first `lanes` threads the moments of all threads with the same column.
__device__ Moments fold_moments(Moments *shared, Moments value, unsigned lanes) {
  shared[threadIdx.x] = value;
  __syncthreads();
  for (unsigned half = 128; half >= lanes; half /= 2) {
    if (threadIdx.x < half) {
      shared[threadIdx.x] = together(shared[threadIdx.x], shared[threadIdx.x + half]);
    }
    __syncthreads();
  }
  return shared[threadIdx.x];
}

// Mean and squared deviations of each chunk of `chunk_rows` rows of x (rows, channels), both as
// (chunks, channels). The first value of each channel is subtracted from all of its values, for a
// mean far from zero has too few digits behind the point; it is written to `shifts`, and the means
// are relative to it. Values are taken eight at a time, with their own mean.
template <typename T>
__device__ void moments(
    unsigned rows, unsigned channels, unsigned lanes, unsigned chunk_rows, unsigned chunks,
    const T *x, float *means, float *squares, float *shifts) {
  __shared__ Moments shared[256];
  Chunk c = chunk_of_block(rows, channels, lanes, chunk_rows, chunks);
  Moments all = {0, 0, 0};
  float shift = 0;
  if (c.column < channels) {
    shift = widen(x[c.column]);
    for (unsigned r = c.row; r < c.end; r += 8 * c.step) {
      float v[8];
      float count = 0;
      float sum = 0;
#pragma unroll
      for (int j = 0; j < 8; j++) {
        bool inside = r + j * c.step < c.end;
        v[j] = inside ? widen(x[(r + j * c.step) * channels + c.column]) - shift : 0.0f;
        count += inside ? 1.0f : 0.0f;
        sum += v[j];
      }
      Moments eight = {count, sum / count, 0};
#pragma unroll
      for (int j = 0; j < 8; j++) {
        float d = v[j] - eight.mean;
        eight.squares += r + j * c.step < c.end ? d * d : 0.0f;
      }
      all = together(all, eight);
    }
  }
  all = fold_moments(shared, all, lanes);
  if (threadIdx.x < lanes && c.column < channels) {
    means[c.chunk * channels + c.column] = all.mean;
    squares[c.chunk * channels + c.column] = all.squares;
    if (c.chunk == 0) {
      shifts[c.column] = shift;
    }
  }
}

// Mean and biased variance of each channel from those of the chunks; a block to `lanes` channels.
__device__ void moments_of_chunks(
    unsigned rows, unsigned channels, unsigned lanes, unsigned chunk_rows, unsigned chunks,
    const float *means, const float *squares, const float *shifts, float *mean, float *variance) {
  __shared__ Moments shared[256];
  Chunk c = chunk_of_block(chunks, channels, lanes, chunks, 1);
  Moments all = {0, 0, 0};
  if (c.column < channels) {
    for (unsigned k = c.row; k < c.end; k += c.step) {
      unsigned count = k + 1 < chunks ? chunk_rows : rows - k * chunk_rows;
      unsigned at = k * channels + c.column;
      all = together(all, Moments{(float)count, means[at], squares[at]});
    }
  }
  all = fold_moments(shared, all, lanes);
  if (threadIdx.x < lanes && c.column < channels) {
    mean[c.column] = shifts[c.column] + all.mean;
    variance[c.column] = all.squares / rows;
  }
}

// factor = gamma / sqrt(variance + eps); gamma null stands for ones.
__device__ void normal_factors(
    unsigned channels, float eps, const float *gamma, const float *variance, float *factor) {
  generate(channels, factor, [=](unsigned c) {
    return (gamma == nullptr ? 1.0f : gamma[c]) / sqrtf(variance[c] + eps);
  });
}

// y = (x - mean) * factor + beta, then ReLU if asked for; n = rows * channels.
template <typename T>
__device__ void batch_norm(
    unsigned n, unsigned channels, int relu, const T *x, const float *mean, const float *factor,
    const float *beta, T *y) {
  map1_channels(n, channels, x, y, [=](float v, unsigned, unsigned c) {
    float value = (v - mean[c]) * factor[c] + beta[c];
    return relu ? relu_of(value) : value;
  });
}

// Sums of g and of g * (x - mean) * inverse over each chunk, both as (chunks, channels), where g is
// dy, masked by y > 0 after a ReLU, and inverse = 1 / sqrt(variance + eps).
template <typename T>
__device__ void batch_norm_sums(
    unsigned rows, unsigned channels, unsigned lanes, unsigned chunk_rows, unsigned chunks,
    int relu, const T *x, const T *y, const T *dy, const float *mean, const float *inverse,
    float *sums, float *normal_sums) {
  __shared__ float shared[256];
  Chunk c = chunk_of_block(rows, channels, lanes, chunk_rows, chunks);
  float sum = 0;
  float normal_sum = 0;
  if (c.column < channels) {
    float m = mean[c.column];
    float s = inverse[c.column];
    for (unsigned r = c.row; r < c.end; r += c.step) {
      unsigned at = r * channels + c.column;
      float g = relu && !(widen(y[at]) > 0) ? 0.0f : widen(dy[at]);
      sum += g;
      normal_sum += g * ((widen(x[at]) - m) * s);
    }
  }
  sum = fold_groups(shared, sum, lanes);
  __syncthreads();
  normal_sum = fold_groups(shared, normal_sum, lanes);
  if (threadIdx.x < lanes && c.column < channels) {
    sums[c.chunk * channels + c.column] = sum;
    normal_sums[c.chunk * channels + c.column] = normal_sum;
  }
}

// dx = gamma * inverse * (g - (dbeta + normal * dgamma) / rows); with per_row = 1 / rows, or 0 if
// the statistics are constants.
template <typename T>
__device__ void batch_norm_dx(
    unsigned n, unsigned channels, int relu, int batch_statistics, float per_row, const T *x,
    const T *y, const T *dy, const float *gamma, const float *mean, const float *inverse,
    const float *dgamma, const float *dbeta, T *dx) {
  map2_channels(n, channels, x, dy, dx, [=](float v, float d, unsigned i, unsigned c) {
    float g = relu && !(widen(y[i]) > 0) ? 0.0f : d;
    if (batch_statistics) {
      float normal = (v - mean[c]) * inverse[c];
      g -= (dbeta[c] + normal * dgamma[c]) * per_row;
    }
    return gamma[c] * inverse[c] * g;
  });
}

// ---------------------------------------------------------------- pooling

struct Pool {
  int h, w, c, out_h, out_w, kh, kw, stride_h, stride_w, pad_t, pad_l, pad_b, pad_r;
  int dilation_h, dilation_w;

  // The first place of a window from there on that is not before the picture.
  __device__ static int inside(int from, int dilation) {
    return from < 0 ? from + (dilation - 1 - from) / dilation * dilation : from;
  }

  // The part of the window of output row or column o that lies in [0, extent).
  __device__ int top(int o) const {
    return inside(o * stride_h - pad_t, dilation_h);
  }

  __device__ int bottom(int o) const {
    int to = o * stride_h - pad_t + (kh - 1) * dilation_h + 1;
    return to > h ? h : to;
  }

  __device__ int left(int o) const {
    return inside(o * stride_w - pad_l, dilation_w);
  }

  __device__ int right(int o) const {
    int to = o * stride_w - pad_l + (kw - 1) * dilation_w + 1;
    return to > w ? w : to;
  }

  // The outputs whose windows contain row or column i of the input, or pass over it: [first, last].
  __device__ int first_row(int i) const {
    int from = i + pad_t - (kh - 1) * dilation_h - 1;
    return from < 0 ? 0 : from / stride_h + 1;
  }

  __device__ int last_row(int i) const {
    int to = (i + pad_t) / stride_h;
    return to < out_h ? to : out_h - 1;
  }

  __device__ int first_column(int i) const {
    int from = i + pad_l - (kw - 1) * dilation_w - 1;
    return from < 0 ? 0 : from / stride_w + 1;
  }

  __device__ int last_column(int i) const {
    int to = (i + pad_l) / stride_w;
    return to < out_w ? to : out_w - 1;
  }

  // Whether the window of output (oy, ox), which reaches around (iy, ix), contains it.
  __device__ bool contains(int oy, int ox, int iy, int ix) const {
    return (iy + pad_t - oy * stride_h) % dilation_h == 0 &&
           (ix + pad_l - ox * stride_w) % dilation_w == 0;
  }
};

// The place of element i of an array (n, h, w, c).
struct Place {
  int n, y, x, c;
};

__device__ __forceinline__ Place place(unsigned i, int h, int w, int c) {
  Place p;
  p.c = i % c;
  i /= c;
  p.x = i % w;
  i /= w;
  p.y = i % h;
  p.n = i / h;
  return p;
}

// n is the number of elements of y.
template <typename T>
__device__ void max_pool(unsigned n, Pool p, const T *x, T *y) {
  generate(n, y, [=](unsigned i) {
    Place o = place(i, p.out_h, p.out_w, p.c);
    float best = widen(x[((o.n * p.h + p.top(o.y)) * p.w + p.left(o.x)) * p.c + o.c]);
    for (int iy = p.top(o.y); iy < p.bottom(o.y); iy += p.dilation_h) {
      for (int ix = p.left(o.x); ix < p.right(o.x); ix += p.dilation_w) {
        float v = widen(x[((o.n * p.h + iy) * p.w + ix) * p.c + o.c]);
        // The first maximum, or the first NaN.
        best = v > best || (v != v && best == best) ? v : best;
      }
    }
    return best;
  });
}

// Each element of dx gathers from the windows that contain it, in their order, what belongs to it:
// dy where it is the first that equals the maximum (the first NaN, if the maximum is NaN). n is the
// number of elements of dx.
template <typename T>
__device__ void max_pool_backward(
    unsigned n, Pool p, const T *x, const T *y, const T *dy, T *dx) {
  generate(n, dx, [=](unsigned i) {
    Place in = place(i, p.h, p.w, p.c);
    float own = widen(x[i]);
    float sum = 0;
    for (int oy = p.first_row(in.y); oy <= p.last_row(in.y); oy++) {
      for (int ox = p.first_column(in.x); ox <= p.last_column(in.x); ox++) {
        int out = ((in.n * p.out_h + oy) * p.out_w + ox) * p.c + in.c;
        float max = widen(y[out]);
        bool is_first = (max == own || (max != max && own != own)) &&
                        p.contains(oy, ox, in.y, in.x);
        for (int iy = p.top(oy); is_first && iy <= in.y; iy += p.dilation_h) {
          int end = iy < in.y ? p.right(ox) : in.x;
          for (int ix = p.left(ox); is_first && ix < end; ix += p.dilation_w) {
            float v = widen(x[((in.n * p.h + iy) * p.w + ix) * p.c + in.c]);
            is_first = !(max == v || (max != max && v != v));
          }
        }
        sum += is_first ? widen(dy[out]) : 0.0f;
      }
    }
    return sum;
  });
}

// The number of elements that a window is divided by; what lies beyond the padding never counts.
__device__ __forceinline__ float window_size(const Pool &p, int count_pad, int oy, int ox) {
  if (!count_pad) {
    return (p.bottom(oy) - p.top(oy)) * (p.right(ox) - p.left(ox));
  }
  int rows = p.h + p.pad_b + p.pad_t - oy * p.stride_h;
  int columns = p.w + p.pad_r + p.pad_l - ox * p.stride_w;
  return (rows < p.kh ? rows : p.kh) * (columns < p.kw ? columns : p.kw);
}

template <typename T>
__device__ void average_pool(unsigned n, Pool p, int count_pad, const T *x, T *y) {
  generate(n, y, [=](unsigned i) {
    Place o = place(i, p.out_h, p.out_w, p.c);
    float sum = 0;
    for (int iy = p.top(o.y); iy < p.bottom(o.y); iy++) {
      for (int ix = p.left(o.x); ix < p.right(o.x); ix++) {
        sum += widen(x[((o.n * p.h + iy) * p.w + ix) * p.c + o.c]);
      }
    }
    return sum / window_size(p, count_pad, o.y, o.x);
  });
}

template <typename T>
__device__ void average_pool_backward(unsigned n, Pool p, int count_pad, const T *dy, T *dx) {
  generate(n, dx, [=](unsigned i) {
    Place in = place(i, p.h, p.w, p.c);
    float sum = 0;
    for (int oy = p.first_row(in.y); oy <= p.last_row(in.y); oy++) {
      for (int ox = p.first_column(in.x); ox <= p.last_column(in.x); ox++) {
        float d = widen(dy[((in.n * p.out_h + oy) * p.out_w + ox) * p.c + in.c]);
        sum += d / window_size(p, count_pad, oy, ox);
      }
    }
    return sum;
  });
}

// ---------------------------------------------------------------- convolution

// y = x + bias + residual, then ReLU if asked for; y is (rows, k), n = rows * k. Bias and residual
// may be null; y may be x or the residual.
template <typename T>
__device__ void finish_convolution(
    unsigned n, unsigned k, const T *x, const float *bias, const T *residual, int relu, T *y) {
  map1_channels(n, k, x, y, [=](float v, unsigned i, unsigned c) {
    float value = bias == nullptr ? v : v + bias[c];
    value = residual == nullptr ? value : value + widen(residual[i]);
    return relu ? relu_of(value) : value;
  });
}

// Pictures (n, h, w, c) with so many rows above and columns on the left as zeros, or without as many
// if that is negative; count is the number of elements of y.
template <typename T>
__device__ void frame(
    unsigned count, int h, int w, int c, int top, int left, int out_h, int out_w, const T *x,
    T *y) {
  generate(count, y, [=](unsigned i) {
    Place o = place(i, out_h, out_w, c);
    int iy = o.y - top;
    int ix = o.x - left;
    bool inside = iy >= 0 && iy < h && ix >= 0 && ix < w;
    return inside ? widen(x[((o.n * h + iy) * w + ix) * c + o.c]) : 0.0f;
  });
}

// Geometry of a convolution; weights are (kh, kw, c / groups, k) in f32. The three kernels below
// are for what cuDNN refuses: correct, and as simple as can be.
struct Conv {
  int n, h, w, c, k, kh, kw, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups;
  int out_h, out_w;

  __device__ int group_c() const {
    return c / groups;
  }

  __device__ int group_k() const {
    return k / groups;
  }

  __device__ int input_row(int oy, int r) const {
    return oy * stride_h - pad_h + r * dilation_h;
  }

  __device__ int input_column(int ox, int s) const {
    return ox * stride_w - pad_w + s * dilation_w;
  }

  __device__ bool inside(int iy, int ix) const {
    return iy >= 0 && iy < h && ix >= 0 && ix < w;
  }
};

template <typename T>
__device__ void convolve(unsigned count, Conv p, const T *x, const float *weight, T *y) {
  generate(count, y, [=](unsigned i) {
    Place o = place(i, p.out_h, p.out_w, p.k);
    int first = o.c / p.group_k() * p.group_c();
    float sum = 0;
    for (int r = 0; r < p.kh; r++) {
      for (int s = 0; s < p.kw; s++) {
        int iy = p.input_row(o.y, r);
        int ix = p.input_column(o.x, s);
        if (p.inside(iy, ix)) {
          const T *pixel = x + ((o.n * p.h + iy) * p.w + ix) * p.c + first;
          const float *factors = weight + (r * p.kw + s) * p.group_c() * p.k + o.c;
          for (int j = 0; j < p.group_c(); j++) {
            sum += widen(pixel[j]) * factors[j * p.k];
          }
        }
      }
    }
    return sum;
  });
}

template <typename T>
__device__ void convolve_backward_data(
    unsigned count, Conv p, const T *dy, const float *weight, T *dx) {
  generate(count, dx, [=](unsigned i) {
    Place in = place(i, p.h, p.w, p.c);
    int first = in.c / p.group_c() * p.group_k();
    float sum = 0;
    for (int r = 0; r < p.kh; r++) {
      for (int s = 0; s < p.kw; s++) {
        int down = in.y + p.pad_h - r * p.dilation_h;
        int right = in.x + p.pad_w - s * p.dilation_w;
        int oy = down / p.stride_h;
        int ox = right / p.stride_w;
        if (down >= 0 && right >= 0 && oy * p.stride_h == down && ox * p.stride_w == right &&
            oy < p.out_h && ox < p.out_w) {
          const T *pixel = dy + ((in.n * p.out_h + oy) * p.out_w + ox) * p.k + first;
          const float *factors =
              weight + ((r * p.kw + s) * p.group_c() + in.c % p.group_c()) * p.k + first;
          for (int j = 0; j < p.group_k(); j++) {
            sum += widen(pixel[j]) * factors[j];
          }
        }
      }
    }
    return sum;
  });
}

// A block of 256 threads to a weight.
template <typename T>
__device__ void convolve_backward_weights(Conv p, const T *x, const T *dy, float *dweight) {
  __shared__ float shared[256];
  unsigned at = blockIdx.x;
  int k = at % p.k;
  int j = at / p.k % p.group_c();
  int s = at / p.k / p.group_c() % p.kw;
  int r = at / p.k / p.group_c() / p.kw;
  int channel = k / p.group_k() * p.group_c() + j;
  float sum = 0;
  for (unsigned i = threadIdx.x; i < p.n * p.out_h * p.out_w; i += 256) {
    Place o = place(i, p.out_h, p.out_w, 1);
    int iy = p.input_row(o.y, r);
    int ix = p.input_column(o.x, s);
    if (p.inside(iy, ix)) {
      sum += widen(x[((o.n * p.h + iy) * p.w + ix) * p.c + channel]) * widen(dy[i * p.k + k]);
    }
  }
  sum = fold_groups(shared, sum, 1);
  if (threadIdx.x == 0) {
    dweight[at] = sum;
  }
}

// ---------------------------------------------------------------- resizing

// One axis of a linear map as a sparse matrix: output o is the sum over j in [start[o],
// start[o + 1]) of weight[j] * x[index[j]].
struct Axis {
  const int *start;
  const int *index;
  const float *weight;
};

// y (n, out_h, out_w, c) of x (n, h, w, c); `count` is the number of elements of y. The gradient is
// the same with the transposed matrices.
template <typename T>
__device__ void resize(
    unsigned count, int h, int w, int c, int out_h, int out_w, Axis rows, Axis columns, const T *x,
    T *y) {
  generate(count, y, [=](unsigned i) {
    Place o = place(i, out_h, out_w, c);
    float sum = 0;
    for (int a = rows.start[o.y]; a < rows.start[o.y + 1]; a++) {
      int row = (o.n * h + rows.index[a]) * w;
      float line = 0;
      for (int b = columns.start[o.x]; b < columns.start[o.x + 1]; b++) {
        line += columns.weight[b] * widen(x[(row + columns.index[b]) * c + o.c]);
      }
      sum += rows.weight[a] * line;
    }
    return sum;
  });
}

// Matrices of ones with at most one in each row: y is what that one chooses, or a value.
template <typename T>
__device__ void gather(
    unsigned count, int h, int w, int c, int out_h, int out_w, float value, const int *row_start,
    const int *row_index, const int *column_start, const int *column_index, const T *x, T *y) {
  generate(count, y, [=](unsigned i) {
    Place o = place(i, out_h, out_w, c);
    int a = row_start[o.y];
    int b = column_start[o.x];
    if (a == row_start[o.y + 1] || b == column_start[o.x + 1]) {
      return value;
    }
    return widen(x[((o.n * h + row_index[a]) * w + column_index[b]) * c + o.c]);
  });
}

// ---------------------------------------------------------------- softmax and losses

// A block of 128 threads to a row.
constexpr int ROW_THREADS = 128;

// Returns f over the values of all threads of the block to all of them.
template <typename F>
__device__ float fold_row(float value, F f) {
  __shared__ float shared[ROW_THREADS];
  __syncthreads();
  shared[threadIdx.x] = value;
  __syncthreads();
  for (int half = ROW_THREADS / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      shared[threadIdx.x] = f(shared[threadIdx.x], shared[threadIdx.x + half]);
    }
    __syncthreads();
  }
  return shared[0];
}

__device__ float sum_of_row(float value) {
  return fold_row(value, [](float a, float b) { return a + b; });
}

__device__ float max_of_row(int columns, const float *x) {
  float max = -__int_as_float(0x7f800000);
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    max = larger(max, x[j]);
  }
  return fold_row(max, [](float a, float b) { return larger(a, b); });
}

// log of the sum of exp(x - max) over a row; the maximum is taken out so that nothing overflows,
// and stays out because beside a large one this would be lost.
__device__ float log_sum_exp(float max, int columns, const float *x) {
  float sum = 0;
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    sum += expf(x[j] - max);
  }
  return logf(sum_of_row(sum));
}

__device__ long long start_of_row(int columns) {
  return (long long)blockIdx.x * columns;
}

extern "C" __global__ void softmax(int columns, const float *x, float *y) {
  long long at = start_of_row(columns);
  float max = max_of_row(columns, x + at);
  float log = log_sum_exp(max, columns, x + at);
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    y[at + j] = expf(x[at + j] - max - log);
  }
}

extern "C" __global__ void softmax_backward(
    int columns, const float *y, const float *dy, float *dx) {
  long long at = start_of_row(columns);
  float sum = 0;
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    sum += y[at + j] * dy[at + j];
  }
  sum = sum_of_row(sum);
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    dx[at + j] = y[at + j] * (dy[at + j] - sum);
  }
}

extern "C" __global__ void log_softmax(int columns, const float *x, float *y) {
  long long at = start_of_row(columns);
  float max = max_of_row(columns, x + at);
  float log = log_sum_exp(max, columns, x + at);
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    y[at + j] = x[at + j] - max - log;
  }
}

extern "C" __global__ void log_softmax_backward(
    int columns, const float *y, const float *dy, float *dx) {
  long long at = start_of_row(columns);
  float sum = 0;
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    sum += dy[at + j];
  }
  sum = sum_of_row(sum);
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    dx[at + j] = dy[at + j] - expf(y[at + j]) * sum;
  }
}

// The target of a row is `on` at its label, `off` elsewhere.
extern "C" __global__ void cross_entropy(
    int columns, float on, float off, const float *logits, const int *labels, float *probabilities,
    float *loss) {
  long long at = start_of_row(columns);
  int label = labels[blockIdx.x];
  float max = max_of_row(columns, logits + at);
  float log = log_sum_exp(max, columns, logits + at);
  float sum = 0;
  for (int j = threadIdx.x; j < columns; j += ROW_THREADS) {
    float log_p = logits[at + j] - max - log;
    float t = j == label ? on : off;
    // A class without weight counts nothing, even if it is impossible (log 0).
    sum += t == 0 ? 0.0f : t * log_p;
    probabilities[at + j] = expf(log_p);
  }
  sum = sum_of_row(sum);
  if (threadIdx.x == 0) {
    loss[blockIdx.x] = -sum;
  }
}

extern "C" __global__ void cross_entropy_backward_f32(
    int n, int columns, float on, float off, float scale, const float *probabilities,
    const int *labels, float *dlogits) {
  map1(n, probabilities, dlogits, [=](float p, unsigned i) {
    return scale * (p - (labels[i / columns] == (int)(i % columns) ? on : off));
  });
}

// ---------------------------------------------------------------- optimisers

// velocity is null if momentum is 0.
extern "C" __global__ void sgd(
    int n, float lr, float momentum, float decay, int nesterov, float *weight,
    const float *gradient, float *velocity) {
  for (unsigned i = thread_index(); i < n; i += thread_count()) {
    float w = weight[i];
    float g = gradient[i] + decay * w;
    float direction = g;
    if (velocity != nullptr) {
      float v = momentum * velocity[i] + g;
      velocity[i] = v;
      direction = nesterov ? g + momentum * v : v;
    }
    weight[i] = w - lr * direction;
  }
}

// If the decay is decoupled, shrink is lr * decay and decay is 0; otherwise shrink is 0. rate is
// lr / (1 - beta1^t), root is sqrt(1 - beta2^t), rest1 and rest2 are 1 - beta1 and 1 - beta2.
extern "C" __global__ void adam(
    int n, float shrink, float decay, float beta1, float rest1, float beta2, float rest2,
    float rate, float root, float eps, float *weight, const float *gradient, float *m, float *v) {
  for (unsigned i = thread_index(); i < n; i += thread_count()) {
    float w = weight[i];
    float g = gradient[i] + decay * w;
    float first = beta1 * m[i] + rest1 * g;
    float second = beta2 * v[i] + rest2 * g * g;
    m[i] = first;
    v[i] = second;
    weight[i] = w - (shrink * w + rate * first / (sqrtf(second) / root + eps));
  }
}

// ---------------------------------------------------------------- entries of one type

extern "C" __global__ void dropout_mask(
    int n, unsigned long long key, double keep, float kept, float *out) {
  generate(n, out, [=](unsigned i) { return dropout_value(key, i, keep, kept); });
}

extern "C" __global__ void broadcast(
    int n, int span, int inner, float scale, const float *small, float *out) {
  generate(n, out, [=](unsigned i) { return scale * small[small_index(i, span, inner)]; });
}

extern "C" __global__ void cast_f32_bf16(int n, const float *x, bf16 *y) {
  cast(n, x, y);
}

extern "C" __global__ void cast_bf16_f32(int n, const bf16 *x, float *y) {
  cast(n, x, y);
}

extern "C" __global__ void transpose_f32_f32(int rows, int columns, const float *x, float *y) {
  transpose(rows, columns, x, y);
}

extern "C" __global__ void transpose_f32_bf16(int rows, int columns, const float *x, bf16 *y) {
  transpose(rows, columns, x, y);
}

extern "C" __global__ void transpose_bf16_f32(int rows, int columns, const bf16 *x, float *y) {
  transpose(rows, columns, x, y);
}

extern "C" __global__ void batch_norm_moments_of_chunks(
    int rows, int channels, int lanes, int chunk_rows, int chunks, const float *means,
    const float *squares, const float *shifts, float *mean, float *variance) {
  moments_of_chunks(
      rows, channels, lanes, chunk_rows, chunks, means, squares, shifts, mean, variance);
}

extern "C" __global__ void batch_norm_factors(
    int channels, float eps, const float *gamma, const float *variance, float *factor) {
  normal_factors(channels, eps, gamma, variance, factor);
}

// ---------------------------------------------------------------- entries of both types

#define POOL_PARAMETERS                                                                        \
  int h, int w, int c, int out_h, int out_w, int kh, int kw, int stride_h, int stride_w,       \
      int pad_t, int pad_l, int pad_b, int pad_r, int dilation_h, int dilation_w

#define POOL                                                                                   \
  Pool {                                                                                       \
    h, w, c, out_h, out_w, kh, kw, stride_h, stride_w, pad_t, pad_l, pad_b, pad_r, dilation_h, \
        dilation_w                                                                             \
  }

#define CONV_PARAMETERS                                                                        \
  int n, int h, int w, int c, int k, int kh, int kw, int stride_h, int stride_w, int pad_h,    \
      int pad_w, int dilation_h, int dilation_w, int groups, int out_h, int out_w

#define CONV                                                                                   \
  Conv {                                                                                       \
    n, h, w, c, k, kh, kw, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups,   \
        out_h, out_w                                                                           \
  }

#define ENTRIES(T, t)                                                                          \
  extern "C" __global__ void fill_##t(int n, float value, T *out) {                            \
    generate(n, out, [=](unsigned) { return value; });                                         \
  }                                                                                            \
  extern "C" __global__ void copy_rows_##t(                                                    \
      int rows, int row_length, const T *source, int source_stride, T *target,                 \
      int target_stride) {                                                                     \
    copy_rows(rows, row_length, source, source_stride, target, target_stride);                 \
  }                                                                                            \
  extern "C" __global__ void permute_##t(                                                      \
      int n, int e0, int e1, int e2, int e3, int e4, int e5, int e6, int e7, int s0, int s1,   \
      int s2, int s3, int s4, int s5, int s6, int s7, const T *x, T *y) {                      \
    Moves moves = {                                                                            \
        {(unsigned)e0, (unsigned)e1, (unsigned)e2, (unsigned)e3, (unsigned)e4, (unsigned)e5,   \
         (unsigned)e6, (unsigned)e7},                                                          \
        {(unsigned)s0, (unsigned)s1, (unsigned)s2, (unsigned)s3, (unsigned)s4, (unsigned)s5,   \
         (unsigned)s6, (unsigned)s7}};                                                         \
    permute(n, moves, x, y);                                                                   \
  }                                                                                            \
  extern "C" __global__ void gather_##t(                                                       \
      int n, int h, int w, int c, int out_h, int out_w, float value, const int *row_start,     \
      const int *row_index, const int *column_start, const int *column_index, const T *x,      \
      T *y) {                                                                                  \
    gather(                                                                                    \
        n, h, w, c, out_h, out_w, value, row_start, row_index, column_start, column_index, x, y);\
  }                                                                                            \
  extern "C" __global__ void linear_combination_##t(                                           \
      int n, float alpha, const T *a, float beta, const T *b, T *out) {                        \
    linear_combination(n, alpha, a, beta, b, out);                                             \
  }                                                                                            \
  extern "C" __global__ void affine_##t(int n, float scale, const T *x, float shift, T *out) { \
    affine(n, scale, x, shift, out);                                                           \
  }                                                                                            \
  extern "C" __global__ void multiply_##t(int n, const T *a, const T *b, T *out) {             \
    multiply(n, a, b, out);                                                                    \
  }                                                                                            \
  extern "C" __global__ void divide_##t(int n, const T *a, const T *b, T *out) {               \
    divide(n, a, b, out);                                                                      \
  }                                                                                            \
  extern "C" __global__ void maximum_##t(int n, const T *a, const T *b, T *out) {              \
    maximum(n, a, b, out);                                                                     \
  }                                                                                            \
  extern "C" __global__ void minimum_##t(int n, const T *a, const T *b, T *out) {              \
    minimum(n, a, b, out);                                                                     \
  }                                                                                            \
  extern "C" __global__ void maximum_backward_##t(                                             \
      int n, const T *a, const T *b, const T *dy, T *da) {                                     \
    maximum_backward(n, a, b, dy, da);                                                         \
  }                                                                                            \
  extern "C" __global__ void add_relu_##t(int n, const T *a, const T *b, T *out) {             \
    add_relu(n, a, b, out);                                                                    \
  }                                                                                            \
  extern "C" __global__ void unary_##t(int function, int n, const T *x, T *y) {                \
    unary(function, n, x, y);                                                                  \
  }                                                                                            \
  extern "C" __global__ void unary_backward_##t(                                               \
      int function, int n, const T *v, const T *dy, T *dx) {                                   \
    unary_backward(function, n, v, dy, dx);                                                    \
  }                                                                                            \
  extern "C" __global__ void leaky_relu_##t(int n, float slope, const T *x, T *y) {            \
    leaky_relu(n, slope, x, y);                                                                \
  }                                                                                            \
  extern "C" __global__ void leaky_relu_backward_##t(                                          \
      int n, float slope, const T *x, const T *dy, T *dx) {                                    \
    leaky_relu_backward(n, slope, x, dy, dx);                                                  \
  }                                                                                            \
  extern "C" __global__ void elu_##t(                                                          \
      int n, float scale, float alpha, float rate, const T *x, T *y) {                         \
    elu(n, scale, alpha, rate, x, y);                                                          \
  }                                                                                            \
  extern "C" __global__ void elu_backward_##t(                                                 \
      int n, float scale, float alpha, float rate, const T *x, const T *dy, T *dx) {           \
    elu_backward(n, scale, alpha, rate, x, dy, dx);                                            \
  }                                                                                            \
  extern "C" __global__ void broadcast_add_##t(                                                \
      int n, int span, int inner, const T *big, float scale, const float *small, T *out) {     \
    broadcast_add(n, span, inner, big, scale, small, out);                                     \
  }                                                                                            \
  extern "C" __global__ void broadcast_multiply_##t(                                           \
      int n, int span, int inner, const T *big, const float *small, T *out) {                  \
    broadcast_multiply(n, span, inner, big, small, out);                                       \
  }                                                                                            \
  extern "C" __global__ void clamp_##t(                                                        \
      int n, int span, int inner, const T *x, const float *low, const float *high, T *y) {     \
    clamp(n, span, inner, x, low, high, y);                                                    \
  }                                                                                            \
  extern "C" __global__ void clamp_backward_##t(                                               \
      int n, int span, int inner, const T *x, const float *low, const float *high,             \
      const T *dy, T *dx) {                                                                    \
    clamp_backward(n, span, inner, x, low, high, dy, dx);                                      \
  }                                                                                            \
  extern "C" __global__ void sum_##t(                                                          \
      int repeat, int inner, int lanes, int rows, int chunks, float scale, const T *big,       \
      float *out) {                                                                            \
    sum(repeat, inner, lanes, rows, chunks, scale, big, out);                                  \
  }                                                                                            \
  extern "C" __global__ void sum_of_products_##t(                                              \
      int repeat, int inner, int lanes, int rows, int chunks, float scale, const T *a,         \
      const T *b, float *out) {                                                                \
    sum_of_products(repeat, inner, lanes, rows, chunks, scale, a, b, out);                     \
  }                                                                                            \
  extern "C" __global__ void sum_few_rows_##t(                                                 \
      int n, int repeat, int inner, float scale, const T *big, float *out) {                   \
    sum_few_rows(n, repeat, inner, scale, big, out);                                           \
  }                                                                                            \
  extern "C" __global__ void sum_of_products_few_rows_##t(                                     \
      int n, int repeat, int inner, float scale, const T *a, const T *b, float *out) {         \
    sum_of_products_few_rows(n, repeat, inner, scale, a, b, out);                              \
  }                                                                                            \
  extern "C" __global__ void batch_norm_moments_##t(                                           \
      int rows, int channels, int lanes, int chunk_rows, int chunks, const T *x, float *means, \
      float *squares, float *shifts) {                                                         \
    moments(rows, channels, lanes, chunk_rows, chunks, x, means, squares, shifts);             \
  }                                                                                            \
  extern "C" __global__ void batch_norm_##t(                                                   \
      int n, int channels, int relu, const T *x, const float *mean, const float *factor,       \
      const float *beta, T *y) {                                                               \
    batch_norm(n, channels, relu, x, mean, factor, beta, y);                                   \
  }                                                                                            \
  extern "C" __global__ void batch_norm_sums_##t(                                              \
      int rows, int channels, int lanes, int chunk_rows, int chunks, int relu, const T *x,     \
      const T *y, const T *dy, const float *mean, const float *inverse, float *sums,           \
      float *normal_sums) {                                                                    \
    batch_norm_sums(                                                                           \
        rows, channels, lanes, chunk_rows, chunks, relu, x, y, dy, mean, inverse, sums,        \
        normal_sums);                                                                          \
  }                                                                                            \
  extern "C" __global__ void batch_norm_dx_##t(                                                \
      int n, int channels, int relu, int batch_statistics, float per_row, const T *x,          \
      const T *y, const T *dy, const float *gamma, const float *mean, const float *inverse,    \
      const float *dgamma, const float *dbeta, T *dx) {                                        \
    batch_norm_dx(                                                                             \
        n, channels, relu, batch_statistics, per_row, x, y, dy, gamma, mean, inverse, dgamma,  \
        dbeta, dx);                                                                            \
  }                                                                                            \
  extern "C" __global__ void finish_convolution_##t(                                           \
      int n, int k, const T *x, const float *bias, const T *residual, int relu, T *y) {        \
    finish_convolution(n, k, x, bias, residual, relu, y);                                      \
  }                                                                                            \
  extern "C" __global__ void convolve_##t(                                                     \
      int count, CONV_PARAMETERS, const T *x, const float *weight, T *y) {                     \
    convolve(count, CONV, x, weight, y);                                                       \
  }                                                                                            \
  extern "C" __global__ void convolve_backward_data_##t(                                       \
      int count, CONV_PARAMETERS, const T *dy, const float *weight, T *dx) {                   \
    convolve_backward_data(count, CONV, dy, weight, dx);                                       \
  }                                                                                            \
  extern "C" __global__ void convolve_backward_weights_##t(                                    \
      CONV_PARAMETERS, const T *x, const T *dy, float *dweight) {                              \
    convolve_backward_weights(CONV, x, dy, dweight);                                           \
  }                                                                                            \
  extern "C" __global__ void frame_##t(                                                        \
      int count, int h, int w, int c, int top, int left, int out_h, int out_w, const T *x,     \
      T *y) {                                                                                  \
    frame(count, h, w, c, top, left, out_h, out_w, x, y);                                      \
  }                                                                                            \
  extern "C" __global__ void max_pool_##t(int n, POOL_PARAMETERS, const T *x, T *y) {          \
    max_pool(n, POOL, x, y);                                                                   \
  }                                                                                            \
  extern "C" __global__ void max_pool_backward_##t(                                            \
      int n, POOL_PARAMETERS, const T *x, const T *y, const T *dy, T *dx) {                    \
    max_pool_backward(n, POOL, x, y, dy, dx);                                                  \
  }                                                                                            \
  extern "C" __global__ void average_pool_##t(                                                 \
      int n, POOL_PARAMETERS, int count_pad, const T *x, T *y) {                               \
    average_pool(n, POOL, count_pad, x, y);                                                    \
  }                                                                                            \
  extern "C" __global__ void average_pool_backward_##t(                                        \
      int n, POOL_PARAMETERS, int count_pad, const T *dy, T *dx) {                             \
    average_pool_backward(n, POOL, count_pad, dy, dx);                                         \
  }                                                                                            \
  extern "C" __global__ void resize_##t(                                                       \
      int n, int h, int w, int c, int out_h, int out_w, const int *row_start,                  \
      const int *row_index, const float *row_weight, const int *column_start,                  \
      const int *column_index, const float *column_weight, const T *x, T *y) {                 \
    resize(                                                                                    \
        n, h, w, c, out_h, out_w, Axis{row_start, row_index, row_weight},                      \
        Axis{column_start, column_index, column_weight}, x, y);                                \
  }

ENTRIES(float, f32)
ENTRIES(bf16, bf16)
