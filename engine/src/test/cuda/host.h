// Lets a C++ compiler for the host compile kernels.cu, and runs its kernels: the threads of a block
// are fibers that take turns at each __syncthreads, blocks follow one another. Slow, and true to
// the language: a missing __syncthreads, a wrong index or argument shows up as wrong numbers.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <setjmp.h>
#include <ucontext.h>
#include <vector>

#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static

struct float4 {
  float x, y, z, w;
};

struct ushort4 {
  unsigned short x, y, z, w;
};

struct Index {
  unsigned x, y, z;
};

static Index gridDim, blockDim, blockIdx, threadIdx;

static float __uint_as_float(unsigned bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

static float __int_as_float(int bits) {
  return __uint_as_float((unsigned)bits);
}

static unsigned __float_as_uint(float value) {
  unsigned bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

namespace host {

constexpr size_t STACK = 64 << 10;

// Fibers are started once, by a context, and then switched by jumps, which make no system calls.
struct Fiber {
  ucontext_t start;
  jmp_buf here;
  char *stack;
  bool started;
  bool ended;
};

static jmp_buf scheduler;
static std::vector<Fiber> fibers;
static unsigned current;
static void (*kernel)(const long long *);
static const long long *arguments;

static void yield() {
  if (_setjmp(fibers[current].here) == 0) {
    _longjmp(scheduler, 1);
  }
}

// The life of a fiber: one thread of a block after the other.
static void run_threads() {
  for (;;) {
    kernel(arguments);
    fibers[current].ended = true;
    yield();
  }
}

static void resume(Fiber *fiber) {
  if (_setjmp(scheduler) != 0) {
    return;
  }
  if (fiber->started) {
    _longjmp(fiber->here, 1);
  }
  fiber->started = true;
  fiber->stack = new char[STACK];
  getcontext(&fiber->start);
  fiber->start.uc_stack.ss_sp = fiber->stack;
  fiber->start.uc_stack.ss_size = STACK;
  makecontext(&fiber->start, run_threads, 0);
  setcontext(&fiber->start);
}

static void run_block() {
  for (unsigned t = 0; t < blockDim.x; t++) {
    fibers[t].ended = false;
  }
  // Backwards every other time, so that nothing can rely on the order.
  static bool forwards;
  static unsigned live;
  static unsigned i;
  forwards = true;
  for (live = blockDim.x; live > 0; forwards = !forwards) {
    live = 0;
    for (i = 0; i < blockDim.x; i++) {
      current = forwards ? i : blockDim.x - 1 - i;
      if (!fibers[current].ended) {
        threadIdx.x = current;
        resume(&fibers[current]);
        live += !fibers[current].ended;
      }
    }
  }
}

static void launch(
    void (*function)(const long long *), unsigned grid, unsigned block, const long long *values) {
  kernel = function;
  arguments = values;
  gridDim = {grid, 1, 1};
  blockDim = {block, 1, 1};
  if (fibers.size() < block) {
    fibers.resize(block);
  }
  for (unsigned b = 0; b < grid; b++) {
    blockIdx = {b, 0, 0};
    run_block();
  }
}

// The lowest bytes of an argument, as the type of the parameter.
template <typename T>
static T argument(const long long *from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace host

static void __syncthreads() {
  host::yield();
}
