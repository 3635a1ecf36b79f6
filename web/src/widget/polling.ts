/** For networks that let no WebSocket through: the whole library, by long polling first. Loaded only there. */
import { io } from "socket.io-client";
import type { MakeWire } from "./wire";

export const pollingWire: MakeWire = (origin, token, events) => {
  const socket = io(origin, {
    path: "/socket.io/",
    auth: (give) => give({ token: token() }),
    autoConnect: false,
    reconnection: false,
    forceNew: true,
  });
  socket.on("connect", events.onOpen);
  socket.on("disconnect", events.onClose);
  socket.on("connect_error", () => {
    // An active socket was stopped by the network, an inactive one by the server.
    if (!socket.active) events.onRefused();
    events.onClose();
  });
  socket.onAny((name: string, payload: unknown) => events.onEvent(name, payload));
  return {
    open: () => void socket.connect(),
    close: () => void socket.disconnect(),
    emit: (event, payload) => void socket.emit(event, payload),
    ask: <T>(event: string, payload: unknown, within: number) =>
      socket.timeout(within).emitWithAck(event, payload) as Promise<T>,
  };
};
