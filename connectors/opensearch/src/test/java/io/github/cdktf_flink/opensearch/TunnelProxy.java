package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tunnels whatever it is asked for (HTTP CONNECT) to one port of this machine, and remembers how it was asked. */
final class TunnelProxy implements AutoCloseable {
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final int target;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isRefusing = new AtomicBoolean();

  TunnelProxy(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::acceptAll);
  }

  InetSocketAddress address() {
    return InetSocketAddress.createUnresolved("localhost", server.getLocalPort());
  }

  /** First lines and headers of the requests that came. */
  List<String> heads() {
    return heads;
  }

  void refuseNext() {
    isRefusing.set(true);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : sockets) each.close();
    threads.shutdownNow();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = server.accept();
        sockets.add(client);
        threads.execute(() -> serve(client));
      }
    } catch (IOException closed) {
      // This is how it ends.
    }
  }

  private void serve(Socket client) {
    try (client) {
      heads.add(readHead(client.getInputStream()));
      if (isRefusing.compareAndSet(true, false)) {
        client.getOutputStream().write(("HTTP/1.1 403 Forbidden\r\nContent-Length: 0" + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII));
        return;
      }
      try (Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
        sockets.add(far);
        client.getOutputStream().write(("HTTP/1.1 200 OK" + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII));
        threads.execute(() -> pass(far, client));
        pass(client, far);
      }
    } catch (IOException gone) {
      // One of the two has ended.
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException gone) {
      // One of the two has ended.
    }
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf(END_OF_HEAD) < 0) {
      int next = in.read();
      if (next < 0) throw new IOException("the request has no end");
      head.append((char) next);
    }
    return head.toString();
  }
}
