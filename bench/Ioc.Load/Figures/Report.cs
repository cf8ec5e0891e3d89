using System.Globalization;

namespace Ioc.Load.Figures;

/// <summary>What was measured, as lines of name=value that a script reads.</summary>
internal sealed class Report(TextWriter output)
{
    public void Line(string name, long value) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));

    public void Line(string name, double value) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value:0.####}"));

    public void Line(string name, TimeSpan value) => Line(name + "_ms", value.TotalMilliseconds);

    public void Line(string name, LatencyHistogram histogram)
    {
        Line(name + "_p50", histogram.Percentile(50));
        Line(name + "_p99", histogram.Percentile(99));
        Line(name + "_max", histogram.Longest);
    }
}
