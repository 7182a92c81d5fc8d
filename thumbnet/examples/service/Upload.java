import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The body of a request, which a thread of its own reads, so that its client cannot make the
 * service wait: when it sends nothing, or too little, or too much, the request is answered all the
 * same. Memory is taken as bytes arrive, not as a header promises them, from what all bodies have.
 */
final class Upload {
  /** Little, so that thousands of clients who send a byte each take little from the others. */
  private static final int FIRST_BYTES = 1 << 10;

  private static final Answer CROWDED = Answer.busy("too many pictures are arriving");

  /** Why a body is not taken. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    Refusal(Answer answer) {
      super("refused");
      this.answer = answer;
    }

    Answer answer() {
      return answer;
    }
  }

  private final InputStream in;
  private final long promised; // -1 if the client did not say
  private final Limits limits;
  private final BodyMemory memory;
  private final long deadline;
  private volatile long received;
  private volatile boolean complete;
  private volatile FutureTask<?> reading;
  private boolean stuck;
  private int held; // bytes of memory; guarded by this
  private boolean released; // guarded by this

  /** Reads nothing yet. */
  Upload(HttpExchange exchange, Limits limits, BodyMemory memory) throws IOException {
    this.in = exchange.getRequestBody();
    this.limits = limits;
    this.memory = memory;
    this.deadline = System.nanoTime() + limits.upload().toNanos();
    boolean chunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    this.promised = chunked ? -1 : length == null ? 0 : Long.parseLong(length);
    this.complete = promised == 0 && in.read() < 0; // the server wants to see the end read
  }

  /** Tells whether the client has sent all that belongs to its request. */
  boolean complete() {
    return complete;
  }

  /** Returns the body, or says why it is refused. */
  byte[] receive() throws Refusal, InterruptedException {
    if (promised > limits.bodyBytes()) {
      throw tooLarge();
    }
    try {
      memory.arrives(this);
      return complete ? new byte[0] : await("body", this::readAll);
    } catch (CancellationException e) {
      stuck = true;
      throw new Refusal(CROWDED);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Refusal refusal -> throw refusal;
        case Error error -> throw error;
        default -> // ended early, or chunks that are none: the JDK has several exceptions for it
            throw new Refusal(Answer.text(400, "the body is incomplete or malformed"));
      }
    } finally {
      memory.hasArrived(this);
    }
  }

  /** Gives up for the sake of others. */
  void makeWay() {
    release();
    FutureTask<?> task = reading;
    if (task != null) {
      task.cancel(false); // its thread ends when the exchange is closed
    }
  }

  /** Returns how many bytes of memory this takes. */
  synchronized int held() {
    return held;
  }

  /**
   * Reads on without keeping anything, as long as the client may send. A client that is cut off
   * while it sends may never see the answer.
   */
  void discard() throws InterruptedException {
    if (complete || stuck) {
      return;
    }
    try {
      await("rest", this::skipAll);
    } catch (ExecutionException | Refusal e) {
      // The answer is on its way; more cannot be done for this client.
    }
  }

  synchronized boolean isReleased() {
    return released;
  }

  /** Gives the memory back; the body must not be used any more. */
  synchronized void release() {
    released = true;
    memory.giveBack(held);
    held = 0;
  }

  private Refusal tooLarge() {
    return new Refusal(Answer.text(413, "pictures may have " + limits.bodyBytes() + " bytes"));
  }

  /** Lets a thread read, as long as it gets on. */
  private <T> T await(String what, Callable<T> work)
      throws Refusal, ExecutionException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    reading = task;
    Thread.ofVirtual().name(what).start(task);
    while (true) {
      long before = received;
      long left = Math.min(limits.silence().toNanos(), deadline - System.nanoTime());
      try {
        return task.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (received == before || System.nanoTime() - deadline >= 0) {
          stuck = true; // closing the exchange ends the thread
          throw new Refusal(Answer.text(408, tooSlow()));
        }
      }
    }
  }

  private String tooSlow() {
    return "a body must come within "
        + text(limits.upload())
        + " s, and without a silence of "
        + text(limits.silence())
        + " s";
  }

  private static String text(Duration time) {
    return String.valueOf(time.toMillis() / 1000.0);
  }

  // ---------------------------------------------------------------- on the reading thread

  private byte[] readAll() throws IOException, Refusal {
    byte[] buffer = new byte[0];
    int length = 0;
    while (true) {
      if (length == buffer.length) {
        int next = in.read(); // no memory is taken before there is something to keep
        if (next < 0) {
          break;
        }
        buffer = larger(buffer);
        buffer[length++] = (byte) next;
      } else {
        int count = in.read(buffer, length, buffer.length - length);
        if (count < 0) {
          break;
        }
        length += count;
      }
      received = length;
    }
    complete = true;
    return length == buffer.length ? buffer : resized(buffer, length);
  }

  private byte[] larger(byte[] buffer) throws IOException, Refusal {
    if (buffer.length >= limits.bodyBytes()) {
      throw tooLarge();
    }
    long most = promised < 0 ? limits.bodyBytes() : promised;
    int length = (int) Math.min(most, Math.max(FIRST_BYTES, 2L * buffer.length));
    return resized(buffer, length);
  }

  private byte[] resized(byte[] buffer, int length) throws IOException, Refusal {
    hold(length);
    byte[] copy = Arrays.copyOf(buffer, length);
    letGo(buffer.length);
    return copy;
  }

  private void hold(int bytes) throws IOException, Refusal {
    if (!memory.take(this, bytes)) {
      throw new Refusal(CROWDED);
    }
    synchronized (this) {
      if (!released) {
        held += bytes;
        return;
      }
    }
    memory.giveBack(bytes);
    throw new EOFException("nobody waits for this body any more");
  }

  private synchronized void letGo(int bytes) {
    if (!released) {
      memory.giveBack(bytes);
      held -= bytes;
    }
  }

  private boolean skipAll() throws IOException {
    byte[] unused = new byte[1 << 13];
    long count = received;
    for (int more = in.read(unused); more >= 0; more = in.read(unused)) {
      count += more;
      received = count;
    }
    return true;
  }
}
