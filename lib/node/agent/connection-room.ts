import type { Server } from "http";
import type { Socket } from "net";

/**
 * Bounds the connections of a server. Where there are too many, the one goes that has been there longest and has not shown
 * who it is: who knows the token shows it at once, so that strangers can keep nobody out.
 */
export class ConnectionRoom {
  private readonly open = new Set<Socket>();
  /** Those of them that have not shown it, in the order in which they came. */
  private readonly silent = new Set<Socket>();

  public constructor(
    server: Server,
    private readonly most: number,
  ) {
    server.on("connection", (socket: Socket) => this.enter(socket));
  }

  /** Its caller has shown the token. */
  public isKnown(socket: Socket): void {
    this.silent.delete(socket);
  }

  private enter(socket: Socket): void {
    this.open.add(socket);
    this.silent.add(socket);
    socket.once("close", () => this.leave(socket));
    if (this.open.size <= this.most) return;
    const [oldest = socket] = this.silent;
    // At once, not with the event that it is closed: the next one may come before.
    this.leave(oldest);
    oldest.destroy();
  }

  private leave(socket: Socket): void {
    this.open.delete(socket);
    this.silent.delete(socket);
  }
}
