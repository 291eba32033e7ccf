import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;

/** Takes memory of the process into which it is loaded: {@code heap 0.7}, {@code metaspace 0.7}, or gives all of it back: {@code release}. */
public final class Ballast {
  /** Smaller than what a collector gives a place of its own. */
  private static final int PIECE_BYTES = 64 << 10;

  private static final List<Object> HELD = new ArrayList<>();

  private Ballast() {}

  /** As an agent is begun in a process that runs. */
  public static void agentmain(String arguments) throws Exception {
    String[] words = arguments.split(" ");
    switch (words[0]) {
      case "heap" -> holdHeap(Double.parseDouble(words[1]));
      case "metaspace" -> holdMetaspace(Double.parseDouble(words[1]));
      case "release" -> release();
      default -> throw new IllegalArgumentException(arguments);
    }
  }

  private static void holdHeap(double part) {
    // Garbage would be counted as what is held, and be gone at the next collection.
    System.gc();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long missing = (long) (part * heap.getMax()) - heap.getUsed();
    for (long held = 0; held < missing; held += PIECE_BYTES) HELD.add(new byte[PIECE_BYTES]);
  }

  private static void holdMetaspace(double part) throws IOException {
    byte[] code;
    try (InputStream in = Ballast.class.getResourceAsStream("Ballast.class")) {
      code = in.readAllBytes();
    }
    MemoryPoolMXBean metaspace =
        ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace")).findAny().orElseThrow();
    // One class loader each, as each job of a session cluster has one.
    while (metaspace.getUsage().getUsed() < part * metaspace.getUsage().getMax()) HELD.add(new OneClass().define(code));
  }

  private static void release() {
    HELD.clear();
    System.gc();
  }

  private static final class OneClass extends ClassLoader {
    private OneClass() {
      super(null);
    }

    private Class<?> define(byte[] code) {
      return defineClass(Ballast.class.getName(), code, 0, code.length);
    }
  }
}
