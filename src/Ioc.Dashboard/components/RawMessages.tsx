import { readMessages } from '../api/devices';
import { isoText, numberText } from '../text/format';
import { t, tOr } from '../text/text';
import { DataBox } from './DataBox';
import { Empty, Failed, Loading } from './DataState';
import { ReasonText } from './ReasonText';
import { useLoad } from './useLoad';

const refreshMs = 3_000;

/** The last messages exactly as they came, with what became of each. */
export function RawMessages({ device }: { device: string }) {
  const messages = useLoad(`messages ${device}`, (signal) => readMessages(device, signal), refreshMs);
  return (
    <DataBox title={t('device.messages')} class="messages">
      <Failed load={messages} />
      {messages.data === null ? (
        messages.error === null && <Loading again={messages.again} />
      ) : messages.data.items.length === 0 ? (
        <Empty>{t('device.noMessages')}</Empty>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{t('message.received')}</th>
                <th class="number wide">{t('message.offset')}</th>
                <th>{t('message.outcome')}</th>
                <th class="number wide">{t('message.bytes')}</th>
                <th>{t('message.payload')}</th>
              </tr>
            </thead>
            <tbody>
              {messages.data.items.map((message) => (
                <tr key={message.offset}>
                  <td class="when">{isoText(message.receivedAt)}</td>
                  <td class="number wide">{numberText(message.offset)}</td>
                  <td>
                    {message.outcome === 'quarantined' && <span aria-hidden="true">⚠ </span>}
                    {tOr(`outcome.${message.outcome}`, message.outcome)}
                    {message.reason !== null && (
                      <>
                        {': '}
                        <ReasonText reason={message.reason} />
                      </>
                    )}
                  </td>
                  <td class="number wide">{numberText(message.bytes)}</td>
                  <td class="payload">
                    <span class="code note">{message.topic}</span>
                    {message.payload !== null && message.encoding === 'hex' && (
                      <span class="chip">{t('message.hex')}</span>
                    )}
                    {message.payload === null ? (
                      <p>{t('message.withheld')}</p>
                    ) : (
                      <pre tabIndex={0}>
                        {message.encoding === 'hex' ? spaced(message.payload) : message.payload}
                      </pre>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </DataBox>
  );
}

function spaced(hex: string): string {
  return hex.replace(/(..)(?=.)/g, '$1 ');
}
