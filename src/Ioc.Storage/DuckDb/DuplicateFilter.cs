using System.Runtime.InteropServices;

namespace Ioc.Storage.DuckDb;

/// <summary>What the store makes of one reading.</summary>
internal enum Verdict : byte
{
    /// <summary>Not seen before: stored.</summary>
    New,

    /// <summary>Another value is stored for this device time: stored too, and flagged.</summary>
    Conflict,

    /// <summary>The same value is stored for this device time: passed over.</summary>
    Duplicate,
}

/// <summary>Finds the values stored for times that memory does not reach: one question for a whole group.</summary>
/// <param name="times">What is asked.</param>
/// <param name="found">Called for each stored value, with the position of the time asked for.</param>
internal delegate void StoredValueLookup(IReadOnlyList<SeriesTime> times, Action<int, double> found);

/// <summary>Judges the readings of a group in order. Same series, device time and value: duplicate. Touched only by the commit.</summary>
/// <remarks>
/// A reading stamped by arrival is always new. One newer than all before it in its series is new without further question. Only the
/// others, repeats and back-fill, get a list of the values known for their time: from the group itself, the recent past, or the file.
/// </remarks>
internal sealed class DuplicateFilter(SeriesIndex index)
{
    private const int None = -1;

    // Place of the first value known for a time that is in question; None while there is none.
    private readonly Dictionary<SeriesTime, int> _asked = [];
    private readonly List<KnownValue> _known = [];
    private readonly List<SeriesTime> _unknown = [];
    private readonly List<double> _recent = [];
    private int[] _places = new int[4096];

    /// <summary>Judges a group; called once for each, because it remembers what it lets through.</summary>
    /// <param name="group">The readings.</param>
    /// <param name="series">Series by reading.</param>
    /// <param name="verdicts">Filled by reading.</param>
    /// <param name="lookup">Asks the file. When it throws, the group may be judged again.</param>
    public void Judge(PendingGroup group, ReadOnlySpan<SeriesKey> series, Span<Verdict> verdicts, StoredValueLookup lookup)
    {
        _asked.Clear();
        _known.Clear();
        _unknown.Clear();
        if (_places.Length < group.ReadingCount)
            _places = new int[series.Length];

        Ask(group, series);
        if (_unknown.Count > 0)
            lookup(_unknown, (position, value) => Know(_unknown[position], value));

        Answer(group, series, verdicts);
    }

    private void Ask(PendingGroup group, ReadOnlySpan<SeriesKey> series)
    {
        ReadOnlySpan<long> measured = group.MeasuredMicros;
        foreach (ref readonly PendingMessage message in group.Messages)
        {
            for (int i = message.FirstReading; i < message.FirstReading + message.ReadingCount; i++)
            {
                if (measured[i] == message.ReceivedMicros)
                    continue;

                _places[i] = index.PlaceOf(series[i]);
                ref SeriesState state = ref index[_places[i]];
                if (measured[i] > state.Newest)
                    state.Newest = measured[i];
                else
                    Ask(new SeriesTime(series[i], measured[i]), state);
            }
        }
    }

    private void Ask(SeriesTime time, in SeriesState state)
    {
        if (!_asked.TryAdd(time, None))
            return;

        if (time.Micros <= state.Floor)
        {
            _unknown.Add(time);
            return;
        }

        _recent.Clear();
        state.CopyTo(time.Micros, _recent);
        foreach (double value in _recent)
            Know(time, value);
    }

    private void Answer(PendingGroup group, ReadOnlySpan<SeriesKey> series, Span<Verdict> verdicts)
    {
        ReadOnlySpan<long> measured = group.MeasuredMicros;
        ReadOnlySpan<double> readings = group.Values;
        foreach (ref readonly PendingMessage message in group.Messages)
        {
            for (int i = message.FirstReading; i < message.FirstReading + message.ReadingCount; i++)
            {
                verdicts[i] = Verdict.New;
                if (measured[i] == message.ReceivedMicros)
                    continue;

                if (_asked.Count > 0 && _asked.TryGetValue(new SeriesTime(series[i], measured[i]), out int first))
                {
                    verdicts[i] = first == None ? Verdict.New : IsKnown(first, readings[i]) ? Verdict.Duplicate : Verdict.Conflict;
                    if (verdicts[i] == Verdict.Duplicate)
                        continue;

                    Know(new SeriesTime(series[i], measured[i]), readings[i]);
                }

                index[_places[i]].Remember(measured[i], readings[i]);
            }
        }
    }

    private void Know(SeriesTime time, double value)
    {
        ref int first = ref CollectionsMarshal.GetValueRefOrNullRef(_asked, time);
        _known.Add(new KnownValue(value, first));
        first = _known.Count - 1;
    }

    private bool IsKnown(int first, double value)
    {
        for (int i = first; i != None; i = _known[i].Next)
        {
            if (_known[i].Value.Equals(value))
                return true;
        }

        return false;
    }

    // One of several values of one time: a list inside a list, so that a resend of hours allocates nothing.
    private readonly record struct KnownValue(double Value, int Next);
}
