import { useRef, useState } from 'preact/hooks';
import type { Balance, Page, QuarantineEntry } from '../api/contract';
import { readBalance, readQuarantine, total } from '../api/ingest';
import { DataBox } from '../components/DataBox';
import { Empty, Failed, Loading } from '../components/DataState';
import { Facts } from '../components/Facts';
import { ReasonText } from '../components/ReasonText';
import { LastRefused } from '../components/Refusals';
import { EngineeringLinks } from '../components/TopBar';
import { useLoad } from '../components/useLoad';
import { clock, second } from '../live/clock';
import { frame, link, store } from '../live/session';
import { dateTimeText, isoText, numberText, quantityText } from '../text/format';
import { t } from '../text/text';
import { devicePath, href, query, setQuery } from './router';

/** Level 4: does every message that came in have an outcome, and which were set aside. */
export function System() {
  return (
    <main class="system">
      <EngineeringLinks />
      <h1 class="hidden">{t('system.title')}</h1>
      <BalanceBox />
      <LinkBox />
      <Quarantine />
    </main>
  );
}

interface Sample {
  balance: Balance;
  at: number;
}

function BalanceBox() {
  const before = useRef<Sample | null>(null);
  const rate = useRef<number | null>(null);
  const load = useLoad<Sample>(
    'balance',
    async (signal) => ({ balance: await readBalance(signal), at: clock.now() }),
    2_000,
  );
  const sample = load.data;
  if (sample !== null && before.current !== sample) {
    const last = before.current;
    if (last !== null)
      rate.current = ((sample.balance.received - last.balance.received) * 1000) / (sample.at - last.at);
    before.current = sample;
  }
  return (
    <DataBox title={t('system.balance')} class="balance">
      <Failed load={load} />
      {sample === null ? (
        load.error === null && <Loading again={load.again} />
      ) : (
        <BalanceSheet {...sample} rate={rate.current} />
      )}
    </DataBox>
  );
}

function BalanceSheet({ balance, at, rate }: Sample & { rate: number | null }) {
  const quarantined = total(balance.quarantined);
  const refused = total(balance.refused);
  const balanced = balance.difference === 0;
  const terms: [string, number][] = [
    [t('system.stored'), balance.stored],
    [t('system.ignored'), balance.ignored],
    [t('system.quarantined'), quarantined],
    [t('system.duplicate'), balance.duplicate],
    [t('system.inFlight'), balance.inFlight],
  ];
  return (
    <>
      <div class="equation">
        <Term name={t('system.received')} count={balance.received} sign="" />
        {terms.map(([name, count], index) => (
          <Term key={name} name={name} count={count} sign={index === 0 ? '=' : '+'} />
        ))}
        <div class={`term difference${balanced ? '' : ' wrong'}`} role="status">
          <span class="note">{t('system.difference')}</span>
          <b class="number">
            {!balanced && <span aria-hidden="true">⚠ </span>}
            {numberText(balance.difference)}
          </b>
        </div>
      </div>
      <p class={balanced ? 'note' : 'failed'}>
        {t(balanced ? 'system.balanced' : 'system.unbalanced')} {t('system.asOf', { time: dateTimeText(at) })}
        {rate !== null && ` · ${t('system.rate', { n: numberText(Math.max(0, rate), 1) })}`}
      </p>
      <div class="reasons">
        <Reasons
          title={t('system.quarantined')}
          counts={balance.quarantined}
          none={t('system.quarantineNone')}
          onPick={(reason) => setQuery({ reason })}
        />
        <Reasons
          title={`${t('system.refused')}: ${numberText(refused)}`}
          counts={balance.refused}
          none={t('system.refusedNone')}
          note={t('system.refusedNote')}
        />
      </div>
      {refused > 0 && <LastRefused />}
    </>
  );
}

function Term({ name, count, sign }: { name: string; count: number; sign: string }) {
  return (
    <>
      {sign !== '' && <span class="sign">{sign}</span>}
      <div class="term">
        <span class="note">{name}</span>
        <b class="number">{numberText(count)}</b>
      </div>
    </>
  );
}

interface ReasonsProps {
  title: string;
  counts: Readonly<Record<string, number>>;
  none: string;
  note?: string;
  onPick?: (reason: string) => void;
}

function Reasons({ title, counts, none, note, onPick }: ReasonsProps) {
  const reasons = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  return (
    <div>
      <h3>
        {title} {note !== undefined && <span class="note">{note}</span>}
      </h3>
      {reasons.length === 0 ? (
        <p class="note">{none}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>{t('system.reason')}</th>
              <th class="number">{t('system.messages')}</th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(([reason, count]) => (
              <tr key={reason}>
                <td>
                  {onPick === undefined ? (
                    <ReasonText reason={reason} of="refusal" />
                  ) : (
                    <button class="link" onClick={() => onPick(reason)}>
                      <ReasonText reason={reason} />
                    </button>
                  )}
                </td>
                <td class="number">{numberText(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function LinkBox() {
  void second.value;
  void frame.value;
  return (
    <DataBox title={t('system.link')} class="linkbox">
      <Facts
        facts={[
          [
            t('devices.state'),
            t(
              link.state.value === 'live'
                ? 'bar.live'
                : link.state.value === 'lost'
                  ? 'bar.lost'
                  : 'bar.connecting',
            ),
          ],
          [t('system.clockOffset'), quantityText(clock.offsetMs / 1000, 's')],
          [t('system.build'), <span class="code">{store.build}</span>],
          [t('system.devices'), numberText(store.handles.length)],
        ]}
      />
    </DataBox>
  );
}

function Quarantine() {
  const reason = query.value.get('reason');
  const load = useLoad(`quarantine ${reason}`, (signal) => readQuarantine(reason, null, signal), 5_000);
  const [further, setFurther] = useState<{ reason: string | null; page: Page<QuarantineEntry> } | null>(null);
  const more = further?.reason === reason ? further.page : null;
  const items = [...(load.data?.items ?? []), ...(more?.items ?? [])].filter(
    (entry, index, all) => all.findIndex(({ offset }) => offset === entry.offset) === index,
  );
  const next = more === null ? (load.data?.next ?? null) : more.next;
  const showMore = async () => {
    const page = await readQuarantine(reason, next, AbortSignal.timeout(30_000)).catch(() => null);
    if (page !== null)
      setFurther({ reason, page: { items: [...(more?.items ?? []), ...page.items], next: page.next } });
  };
  return (
    <DataBox title={t('system.quarantine')} class="quarantine">
      {reason !== null && (
        <div class="filters">
          <span class="chip code">{reason}</span>
          <button onClick={() => setQuery({ reason: null })}>{t('system.allReasons')}</button>
        </div>
      )}
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : items.length === 0 ? (
        <Empty>{t('system.quarantineNone')}</Empty>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{t('message.received')}</th>
                <th class="number wide">{t('message.offset')}</th>
                <th>{t('system.reason')}</th>
                <th class="wide">{t('alarms.device')}</th>
                <th class="wide">{t('message.topic')}</th>
                <th>{t('system.detail')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((entry) => (
                <tr key={entry.offset}>
                  <td class="when">{isoText(entry.receivedAt)}</td>
                  <td class="number wide">{numberText(entry.offset)}</td>
                  <td>
                    <ReasonText reason={entry.reason} />
                  </td>
                  <td class="wide">
                    {entry.device !== null && <a href={href(devicePath(entry.device))}>{entry.device}</a>}
                  </td>
                  <td class="wide code">{entry.topic ?? '—'}</td>
                  <td>{entry.detail ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {next !== null && (
            <p class="more">
              <button onClick={() => void showMore()}>{t('data.more')}</button>
            </p>
          )}
        </div>
      )}
    </DataBox>
  );
}
