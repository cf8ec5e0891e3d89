using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Ioc.Server.Api;

/// <summary>
/// The product's own instruments (and the runtime's) in the Prometheus text format, version 0.0.4.
/// </summary>
/// <remarks>No exporter package can be had; the format is small. Counters and up-down counters keep sums, gauges the last value, histograms count and sum.</remarks>
internal sealed class MetricsText : IDisposable
{
    // Instruments come from our own code, tag values from bounded sets (reasons, consumer names); the bound is a second line of defence.
    private const int MaxSeries = 4_096;

    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> _series = new();
    private readonly MeterListener _listener = new();

    public MetricsText()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Ioc.", StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<byte>((i, v, t, _) => Take(i, v, t));
        _listener.SetMeasurementEventCallback<short>((i, v, t, _) => Take(i, v, t));
        _listener.SetMeasurementEventCallback<int>((i, v, t, _) => Take(i, v, t));
        _listener.SetMeasurementEventCallback<long>((i, v, t, _) => Take(i, v, t));
        _listener.SetMeasurementEventCallback<float>((i, v, t, _) => Take(i, v, t));
        _listener.SetMeasurementEventCallback<double>((i, v, t, _) => Take(i, v, t));
        _listener.SetMeasurementEventCallback<decimal>((i, v, t, _) => Take(i, (double)v, t));
        _listener.Start();
    }

    /// <summary>Everything measured, as one text.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();

        var text = new StringBuilder();
        foreach (IGrouping<Instrument, KeyValuePair<(Instrument Instrument, string Labels), Series>> group in _series
            .GroupBy(entry => entry.Key.Instrument)
            .OrderBy(group => NameOf(group.Key), StringComparer.Ordinal))
        {
            Write(text, group.Key, group.OrderBy(entry => entry.Key.Labels, StringComparer.Ordinal));
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static void Write(StringBuilder text, Instrument instrument, IEnumerable<KeyValuePair<(Instrument Instrument, string Labels), Series>> series)
    {
        string name = NameOf(instrument);
        string type = KindOf(instrument);
        if (!string.IsNullOrEmpty(instrument.Description))
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
        foreach (((Instrument _, string labels), Series one) in series)
        {
            (double value, long count) = one.Read();
            if (type == "summary")
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}_sum{labels} {Number(value)}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_count{labels} {count}\n");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {Number(value)}\n");
            }
        }
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        (Instrument, string) key = (instrument, LabelsOf(tags));
        if (!_series.TryGetValue(key, out Series? series))
        {
            if (_series.Count >= MaxSeries)
                return;
            series = _series.GetOrAdd(key, new Series());
        }

        bool adds = instrument.GetType().GetGenericTypeDefinition() is { } kind
            && (kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>) || kind == typeof(Histogram<>));
        series.Take(value, adds);
    }

    private static string KindOf(Instrument instrument)
    {
        Type kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>))
            return "counter";
        return kind == typeof(Histogram<>) ? "summary" : "gauge";
    }

    private static string NameOf(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_').Replace('-', '_');
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return KindOf(instrument) == "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";

        var labels = new StringBuilder("{");
        foreach ((string key, object? value) in tags)
        {
            if (labels.Length > 1)
                labels.Append(',');
            string escaped = Convert.ToString(value, CultureInfo.InvariantCulture)!
                .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            labels.Append(CultureInfo.InvariantCulture, $"{key.Replace('.', '_').Replace('-', '_')}=\"{escaped}\"");
        }

        return labels.Append('}').ToString();
    }

    private sealed class Series
    {
        private readonly Lock _gate = new();
        private double _value;
        private long _count;

        public void Take(double value, bool adds)
        {
            lock (_gate)
            {
                _value = adds ? _value + value : value;
                _count++;
            }
        }

        public (double Value, long Count) Read()
        {
            lock (_gate)
                return (_value, _count);
        }
    }
}
