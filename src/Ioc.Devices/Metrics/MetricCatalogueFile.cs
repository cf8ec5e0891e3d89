
namespace Ioc.Devices.Metrics;

/// <summary>Reads <c>metrics.yaml</c>.</summary>
public static class MetricCatalogueFile
{
    /// <summary>Loads the catalogue.</summary>
    /// <param name="path">The file: a list of entries, or a mapping whose <c>metrics</c> is that list.</param>
    /// <exception cref="MetricCatalogueException">Something is wrong with it; the exception lists everything.</exception>
    public static MetricCatalogue Load(string path) => throw new NotImplementedException(path);
}
