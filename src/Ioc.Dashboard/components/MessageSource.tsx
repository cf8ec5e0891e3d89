import { readMessage, readProvenance, type KeptMessage, type Provenance } from '../api/replay';
import { isoText, numberText } from '../text/format';
import { t, tOr } from '../text/text';
import { DecodeResult } from './DecodeResult';
import { ReasonText } from './ReasonText';
import { Empty, Failed, Loading } from './DataState';
import { Facts } from './Facts';
import { useLoad } from './useLoad';

/** One message out of the journal: its bytes, what was made of it, by which profile and how. */
export function MessageSource({ offset }: { offset: number }) {
  const load = useLoad(`message ${offset}`, (signal) => readMessage(offset, signal));
  if (load.data === null) return load.error ? <Failed load={load} /> : <Loading again={load.again} />;
  return <Source source={load.data} />;
}

/** The messages that brought a stored value. */
export function ReadingSource(props: { device: string; metric: string; channel: string | null; at: string }) {
  const { device, metric, channel, at } = props;
  const load = useLoad(`source ${device} ${metric} ${channel} ${at}`, (signal) =>
    readProvenance(device, metric, channel, at, signal),
  );
  if (load.data === null) return load.error ? <Failed load={load} /> : <Loading again={load.again} />;
  if (load.data.items.length === 0) return <Empty>{t('source.none')}</Empty>;
  return (
    <>
      {load.data.items.map(({ offset, from }) =>
        from === null ? (
          <Empty key={offset}>{t('source.none')}</Empty>
        ) : (
          <Source key={offset} source={from} />
        ),
      )}
    </>
  );
}

function Source({ source }: { source: Provenance }) {
  const { message, stored, profile } = source;
  return (
    <article class="source">
      <Facts
        facts={[
          [t('message.offset'), message && numberText(message.offset)],
          [t('message.received'), message && isoText(message.receivedAt)],
          [t('message.topic'), message && <span class="code">{message.topic}</span>],
          [t('source.client'), message && <span class="code">{message.client}</span>],
          [t('source.user'), message?.user && <span class="code">{message.user}</span>],
          [t('message.outcome'), stored.outcome && tOr(`outcome.${stored.outcome}`, stored.outcome)],
          [t('system.reason'), stored.reason && <ReasonText reason={stored.reason} />],
          [
            t('decode.profile'),
            profile && (
              <span class="code" title={t('source.since', { offset: numberText(profile.sinceOffset) })}>
                {profile.name} · {profile.version}
              </span>
            ),
          ],
          [t('profiles.edition'), source.profiles && <span class="code">{source.profiles}</span>],
          [t('source.replay'), source.replay === null ? null : numberText(source.replay)],
        ]}
      />
      {message === null ? (
        <Empty>{t('source.gone')}</Empty>
      ) : (
        <Payload message={message} why={t('source.withheld')} />
      )}
      {source.decode !== null && <DecodeResult result={source.decode} />}
    </article>
  );
}

/** A payload in hexadecimal and as text; or that it may not be shown. */
export function Payload({ message, why }: { message: KeptMessage; why: string }) {
  if (message.withheld)
    return (
      <p class="withheld">
        <span aria-hidden="true">⛔</span> {why}
      </p>
    );
  return (
    <div class="bytes">
      {message.text !== null && <pre tabIndex={0}>{message.text}</pre>}
      <pre tabIndex={0} class="hex" aria-label={t('message.hex')}>
        {(message.hex ?? '').replace(/(..)(?=.)/g, '$1 ')}
      </pre>
      {message.truncated && <p class="note">{t('source.truncated', { n: numberText(message.bytes) })}</p>}
    </div>
  );
}
