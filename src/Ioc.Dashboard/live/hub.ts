import { HubConnectionBuilder, HttpTransportType, LogLevel } from '@microsoft/signalr';
import type { AlarmChanged, Beat, Changes, JoinRequest, Snapshot } from './contract';

/** Where a link hands what it hears. */
export interface HubListener {
  snapshot(message: Snapshot): void;
  changes(message: Changes): void;
  alarm(message: AlarmChanged): void;
  beat(message: Beat): void;
  closed(): void;
}

/** One connection, used once: after `close` a new one is made. */
export interface Hub {
  open(): Promise<void>;
  join(request: JoinRequest): Promise<void>;
  close(): void;
}

export function signalRHub(listener: HubListener): Hub {
  const connection = new HubConnectionBuilder()
    .withUrl('/hubs/live', { transport: HttpTransportType.WebSockets })
    .configureLogging(LogLevel.None)
    .build();
  connection.on('snapshot', (message: Snapshot) => listener.snapshot(message));
  connection.on('changes', (message: Changes) => listener.changes(message));
  connection.on('alarm', (message: AlarmChanged) => listener.alarm(message));
  connection.on('beat', (message: Beat) => listener.beat(message));
  connection.onclose(() => listener.closed());
  return {
    open: () => connection.start(),
    join: (request) => connection.invoke('join', request),
    // Not awaited: saying goodbye to a frozen server takes as long as the server is frozen.
    close: () => void connection.stop().catch(() => undefined),
  };
}
