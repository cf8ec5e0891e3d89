using System.Diagnostics.CodeAnalysis;
using Ioc.Devices.Readings;

namespace Ioc.Devices.Metrics;

/// <summary>All metrics the product knows. Immutable; read from <c>firmware-profiles/metrics.yaml</c> at start.</summary>
public sealed class MetricCatalogue
{
    private readonly Metric?[] _byId;
    private readonly Dictionary<string, Metric> _byName;

    /// <summary>Builds a catalogue.</summary>
    /// <param name="metrics">Ids must be 1..n in order, names unique.</param>
    /// <exception cref="ArgumentException">A name stands twice, or an id is out of order.</exception>
    public MetricCatalogue(IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _byId = new Metric?[metrics.Count + 1];
        _byName = new Dictionary<string, Metric>(metrics.Count, StringComparer.Ordinal);
        for (int i = 0; i < metrics.Count; i++)
        {
            Metric metric = metrics[i];
            if (metric.Id.Value != i + 1)
                throw new ArgumentException($"Metric '{metric.Name}' has id {metric.Id.Value}, expected {i + 1}.", nameof(metrics));
            if (!_byName.TryAdd(metric.Name, metric))
                throw new ArgumentException($"Metric '{metric.Name}' is declared twice.", nameof(metrics));
            _byId[i + 1] = metric;
        }
    }

    /// <summary>All metrics, in catalogue order.</summary>
    public IReadOnlyCollection<Metric> All => _byName.Values;

    /// <summary>The metric behind a handle.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The handle is of another catalogue, or zero.</exception>
    public Metric this[MetricId id] =>
        id.Value > 0 && id.Value < _byId.Length ? _byId[id.Value]! : throw new ArgumentOutOfRangeException(nameof(id), id, "No such metric.");

    /// <summary>Finds a metric by its name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out Metric? metric) => _byName.TryGetValue(name, out metric);
}
