package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A driver with one device, whose memory is the host's.
 *
 * <p>The stream is as lazy as a real one may be: nothing that was queued happens before somebody
 * waits for it. So a buffer that is written again too early shows up as wrong numbers. Memory is
 * filled with 0xff, which is NaN, and what is done with wrong addresses or handles fails.
 */
public final class FakeDriver extends FakeLibrary {
  public static final int INVALID_VALUE = 1;
  static final int OUT_OF_MEMORY = 2;
  static final int INVALID_CONTEXT = 201;
  static final int INVALID_HANDLE = 400;
  static final int NOT_FOUND = 500;
  static final int ILLEGAL_ADDRESS = 700;
  static final int CAPTURE_UNSUPPORTED = 900;

  private static final Map<Integer, String> ERRORS =
      Map.of(
          INVALID_VALUE,
          "CUDA_ERROR_INVALID_VALUE",
          OUT_OF_MEMORY,
          "CUDA_ERROR_OUT_OF_MEMORY",
          100,
          "CUDA_ERROR_NO_DEVICE",
          INVALID_CONTEXT,
          "CUDA_ERROR_INVALID_CONTEXT",
          INVALID_HANDLE,
          "CUDA_ERROR_INVALID_HANDLE",
          NOT_FOUND,
          "CUDA_ERROR_NOT_FOUND",
          ILLEGAL_ADDRESS,
          "CUDA_ERROR_ILLEGAL_ADDRESS",
          CAPTURE_UNSUPPORTED,
          "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");

  private static final long CONTEXT = 0x1000;
  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)\\s*\\(([^)]*)\\)");

  /**
   * A launch of a kernel.
   *
   * @param arguments eight bytes of each
   */
  public record Launch(
      String entry, int gridX, int gridY, int blockX, int sharedBytes, List<Long> arguments) {}

  private record Kernel(String entry, int parameters) {}

  private record Event(int position) {}

  private long nextHandle = 0x10_0000;
  private long nextAddress = 0x7f00_0000_0000L;
  private long limit = 64L << 30;
  private long allocated;
  private int retained;
  private final Map<Thread, Long> current = new ConcurrentHashMap<>();
  private final TreeMap<Long, Long> sizes = new TreeMap<>();
  private final Map<Long, MemorySegment> contents = new HashMap<>();
  private final Map<Long, MemorySegment> pinned = new HashMap<>();
  private final Map<Long, String> live = new TreeMap<>(); // handles and what they are
  private final Map<Long, Event> events = new HashMap<>();
  private final Map<Long, Map<String, Kernel>> modules = new HashMap<>();
  private final Map<Long, Kernel> kernels = new HashMap<>();
  private final Map<Long, List<Runnable>> graphs = new HashMap<>();
  private final Map<String, Consumer<Launch>> meanings = new HashMap<>();
  private final List<Launch> launches = new ArrayList<>();
  private final List<Runnable> queue = new ArrayList<>();
  private int done; // how much of the queue has happened
  private List<Runnable> capture;

  public FakeDriver(List<FakeCall> log) {
    super(NativeFunctions.DRIVER, log);
    devices();
    memory();
    copies();
    streamsAndEvents();
    modules();
    graphs();
  }

  // ---------------------------------------------------------------- for tests

  /** Lets the device be full when so many bytes are allocated. */
  public synchronized void limit(long bytes) {
    limit = bytes;
  }

  public synchronized long allocated() {
    return allocated;
  }

  /** Gives a kernel a meaning, which happens when the stream comes to it. */
  public void kernel(String entry, Consumer<Launch> meaning) {
    meanings.put(entry, meaning);
  }

  /** Returns the launches in the order in which they were queued or recorded. */
  public synchronized List<Launch> launches() {
    return List.copyOf(launches);
  }

  /** Returns what lies at an address of the device. */
  public synchronized MemorySegment device(long pointer, long bytes) {
    Map.Entry<Long, Long> block = sizes.floorEntry(pointer);
    if (block == null || pointer + bytes > block.getKey() + block.getValue()) {
      throw new AssertionError(
          bytes + " bytes at 0x" + Long.toHexString(pointer) + " are not in a block");
    }
    MemorySegment memory =
        contents.computeIfAbsent(
            block.getKey(), p -> Arena.ofAuto().allocate(block.getValue(), 16).fill((byte) -1));
    return memory.asSlice(pointer - block.getKey(), bytes);
  }

  /** Returns what was made and not destroyed, in words. */
  synchronized List<String> left() {
    List<String> left = new ArrayList<>(live.values());
    sizes.forEach((pointer, bytes) -> left.add(bytes + " bytes of the device"));
    pinned.forEach((pointer, memory) -> left.add(memory.byteSize() + " bytes of the host"));
    if (retained != 0) {
      left.add("context, " + retained + " times");
    }
    return left;
  }

  /** Lets everything happen that was queued. */
  synchronized void drain() {
    drain(queue.size());
  }

  /** Queues what another library does in the stream. */
  public synchronized void queue(Runnable work) {
    (capture == null ? queue : capture).add(work);
  }

  private void drain(int position) {
    while (done < position) {
      queue.get(done++).run();
    }
  }

  // ---------------------------------------------------------------- functions

  /** For functions that work on the current context. */
  private void inContext(String function, Behaviour behaviour) {
    on(
        function,
        call -> {
          if (current.getOrDefault(Thread.currentThread(), 0L) != CONTEXT) {
            return INVALID_CONTEXT;
          }
          synchronized (this) {
            return behaviour.answer(call);
          }
        });
  }

  private void devices() {
    on("cuGetErrorName", call -> error(call, ""));
    on("cuGetErrorString", call -> error(call, "words for "));
    on("cuDriverGetVersion", call -> call.giveInt(0, 13_000));
    on("cuDeviceGetCount", call -> call.giveInt(0, 1));
    on("cuDeviceGet", call -> call.giveInt(0, 7 + call.intAt(1)));
    on("cuDeviceGetName", call -> call.intAt(2) == 7 ? call.giveText(0, "Fake GPU") : 101);
    on("cuDeviceGetAttribute", call -> call.giveInt(0, attribute(call.intAt(1))));
    on(
        "cuDevicePrimaryCtxRetain",
        call -> {
          retained++;
          return call.give(0, CONTEXT);
        });
    on(
        "cuDevicePrimaryCtxRelease_v2",
        call -> {
          retained--;
          return 0;
        });
    on(
        "cuCtxSetCurrent",
        call -> {
          if (call.longAt(0) != CONTEXT || retained == 0) {
            return INVALID_CONTEXT;
          }
          current.put(Thread.currentThread(), CONTEXT);
          return 0;
        });
  }

  private static int error(FakeCall call, String before) {
    String name = ERRORS.get(call.intAt(0));
    return name == null ? INVALID_VALUE : call.giveTextAddress(1, before + name);
  }

  private static int attribute(int attribute) {
    return switch (attribute) {
      case 16 -> 4;
      case 75 -> 9;
      case 76 -> 0;
      default -> throw new AssertionError("attribute " + attribute);
    };
  }

  private void memory() {
    inContext(
        "cuMemGetInfo_v2",
        call -> {
          call.give(0, limit - allocated);
          return call.give(1, limit);
        });
    inContext(
        "cuMemAlloc_v2",
        call -> {
          long bytes = call.longAt(1);
          if (bytes <= 0) {
            return INVALID_VALUE;
          }
          if (allocated + bytes > limit) {
            return OUT_OF_MEMORY;
          }
          long pointer = nextAddress;
          nextAddress += (bytes + 511) / 512 * 512 + 512; // a gap, to notice what runs over
          allocated += bytes;
          sizes.put(pointer, bytes);
          return call.give(0, pointer);
        });
    inContext(
        "cuMemFree_v2",
        call -> {
          Long bytes = sizes.remove(call.longAt(0));
          if (bytes == null) {
            return INVALID_VALUE;
          }
          contents.remove(call.longAt(0));
          allocated -= bytes;
          return 0;
        });
    inContext(
        "cuMemHostAlloc",
        call -> {
          MemorySegment memory = Arena.ofAuto().allocate(call.longAt(1), 16);
          pinned.put(memory.address(), memory);
          return call.give(0, memory.address());
        });
    inContext("cuMemFreeHost", call -> pinned.remove(address(call, 0)) == null ? 1 : 0);
  }

  private static long address(FakeCall call, int index) {
    return ((MemorySegment) call.arguments().get(index)).address();
  }

  /** Copies that do not wait need memory that stays where it is. */
  private MemorySegment pinned(FakeCall call, int index, long bytes) {
    MemorySegment memory = pinned.get(address(call, index));
    if (memory == null) {
      throw new AssertionError("not pinned: " + call);
    }
    return memory.asSlice(0, bytes);
  }

  private void copies() {
    inContext(
        "cuMemcpyHtoDAsync_v2",
        call -> {
          long bytes = call.longAt(2);
          MemorySegment source = pinned(call, 1, bytes);
          return enqueue(call, 3, () -> device(call.longAt(0), bytes).copyFrom(source));
        });
    inContext(
        "cuMemcpyDtoHAsync_v2",
        call -> {
          long bytes = call.longAt(2);
          MemorySegment target = pinned(call, 0, bytes);
          return enqueue(call, 3, () -> target.copyFrom(device(call.longAt(1), bytes)));
        });
    inContext(
        "cuMemcpyDtoDAsync_v2",
        call -> {
          long bytes = call.longAt(2);
          return enqueue(
              call, 3, () -> device(call.longAt(0), bytes).copyFrom(device(call.longAt(1), bytes)));
        });
  }

  private void streamsAndEvents() {
    inContext("cuStreamCreate", call -> call.give(0, open("stream")));
    inContext("cuStreamDestroy_v2", call -> close(call.longAt(0), "stream"));
    inContext(
        "cuStreamSynchronize",
        call -> {
          if (capture != null) {
            return CAPTURE_UNSUPPORTED;
          }
          drain();
          return is(call.longAt(0), "stream");
        });
    inContext("cuEventCreate", call -> call.give(0, open("event")));
    inContext("cuEventDestroy_v2", call -> close(call.longAt(0), "event"));
    inContext(
        "cuEventRecord",
        call -> {
          if (capture != null) {
            return CAPTURE_UNSUPPORTED;
          }
          events.put(call.longAt(0), new Event(queue.size()));
          return is(call.longAt(0), "event");
        });
    inContext(
        "cuEventSynchronize",
        call -> {
          drain(events.get(call.longAt(0)).position);
          return is(call.longAt(0), "event");
        });
  }

  private void modules() {
    inContext(
        "cuModuleLoadData",
        call -> {
          Map<String, Kernel> entries = new HashMap<>();
          Matcher matcher = ENTRY.matcher(call.textBehind(1));
          while (matcher.find()) {
            String parameters = matcher.group(2);
            int count = parameters.isBlank() ? 0 : parameters.split(",").length;
            entries.put(matcher.group(1), new Kernel(matcher.group(1), count));
          }
          long module = open("module");
          modules.put(module, entries);
          return call.give(0, module);
        });
    inContext("cuModuleUnload", call -> close(call.longAt(0), "module"));
    inContext(
        "cuModuleGetFunction",
        call -> {
          Kernel kernel = modules.get(call.longAt(1)).get(call.textBehind(2));
          if (kernel == null) {
            return NOT_FOUND;
          }
          long function = nextHandle++;
          kernels.put(function, kernel);
          return call.give(0, function);
        });
    inContext("cuLaunchKernel", this::launch);
  }

  private int launch(FakeCall call) {
    Kernel kernel = kernels.get(call.longAt(0));
    boolean flat = call.intAt(3) == 1 && call.intAt(5) == 1 && call.intAt(6) == 1;
    if (kernel == null || !flat || call.intAt(1) < 1 || call.intAt(2) < 1 || call.intAt(4) < 1) {
      return INVALID_VALUE;
    }
    MemorySegment addresses = call.memoryAt(9, 8L * kernel.parameters);
    Long[] arguments = new Long[kernel.parameters];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = eightBytes(addresses.getAtIndex(ADDRESS, i));
    }
    Launch launch =
        new Launch(
            kernel.entry,
            call.intAt(1),
            call.intAt(2),
            call.intAt(4),
            call.intAt(7),
            Arrays.asList(arguments));
    launches.add(launch);
    Consumer<Launch> meaning = meanings.getOrDefault(kernel.entry, nothing -> {});
    return enqueue(call, 8, () -> meaning.accept(launch));
  }

  @SuppressWarnings("restricted")
  private static long eightBytes(MemorySegment address) {
    return address.reinterpret(8).get(JAVA_LONG, 0);
  }

  private void graphs() {
    inContext(
        "cuStreamBeginCapture_v2",
        call -> {
          if (capture != null || call.intAt(1) != 2) {
            return INVALID_VALUE;
          }
          capture = new ArrayList<>();
          return is(call.longAt(0), "stream");
        });
    inContext(
        "cuStreamEndCapture",
        call -> {
          if (capture == null) {
            return INVALID_VALUE;
          }
          long graph = open("graph");
          graphs.put(graph, capture);
          capture = null;
          return call.give(1, graph);
        });
    inContext(
        "cuGraphInstantiateWithFlags",
        call -> {
          long program = open("graph program");
          graphs.put(program, graphs.get(call.longAt(1)));
          call.give(0, program);
          return is(call.longAt(1), "graph");
        });
    inContext(
        "cuGraphLaunch",
        call -> {
          List<Runnable> steps = List.copyOf(graphs.get(call.longAt(0)));
          int status = is(call.longAt(0), "graph program");
          return status != 0 ? status : enqueue(call, 1, () -> steps.forEach(Runnable::run));
        });
    inContext("cuGraphExecDestroy", call -> close(call.longAt(0), "graph program"));
    inContext("cuGraphDestroy", call -> close(call.longAt(0), "graph"));
  }

  private int enqueue(FakeCall call, int streamArgument, Runnable work) {
    if (is(call.longAt(streamArgument), "stream") != 0) {
      return INVALID_HANDLE;
    }
    (capture == null ? queue : capture).add(work);
    return 0;
  }

  private long open(String kind) {
    long handle = nextHandle++;
    live.put(handle, kind);
    return handle;
  }

  private int close(long handle, String kind) {
    return live.remove(handle, kind) ? 0 : INVALID_HANDLE;
  }

  private int is(long handle, String kind) {
    return kind.equals(live.get(handle)) ? 0 : INVALID_HANDLE;
  }
}
