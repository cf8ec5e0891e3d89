using Ioc.Devices.Readings;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Sparkplug;

/// <summary>What a metric says beside its value: a field that reads a <c>value</c> takes time and quality from the members beside it.</summary>
/// <param name="Time">When it was measured.</param>
/// <param name="Quality">Slots of the quality, by place among the field's paths.</param>
/// <param name="Historical">Slots of the mark for back-fill, likewise.</param>
internal sealed record MetricCompanions(TimePlan Time, int[] Quality, int[] Historical)
{
    private const string Value = "value";

    /// <summary>Compiles them; null when a path leads elsewhere than to a metric's value.</summary>
    public static MetricCompanions? Compile(IReadOnlyList<MarkedText> paths, CompileScope scope)
    {
        var parents = new List<JsonPath>();
        foreach (MarkedText text in paths)
        {
            if (!JsonPath.TryParse(text.Value, out JsonPath path, out _) || path.Steps is not [.., { Member: Value }])
                return null;
            parents.Add(path with { Steps = [.. path.Steps.Take(path.Steps.Count - 1)] });
        }

        int[] Slots(string member) => [.. parents.Select(parent => scope.SlotOf(parent with { Steps = [.. parent.Steps, new PathStep(member, 0, null, null)] }))];
        return parents.Count == 0 ? null : new MetricCompanions(
            new TimePlan { Slots = Slots("time"), Form = TimeForm.EpochMilliseconds, Optional = true }, Slots("quality"), Slots("historical"));
    }

    /// <summary>The doubts of the metric whose value the field took: of its first path that has one.</summary>
    public Quality Doubts(int[] values, scoped ref Frame frame)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!frame.Slots[values[i]].HasValue)
                continue;

            JsonSlot said = frame.Slots[Quality[i]];
            Quality doubts = !said.HasValue ? Devices.Readings.Quality.Good
                : said.Of(frame.Payload).SequenceEqual("stale"u8) ? Devices.Readings.Quality.Stale : Devices.Readings.Quality.Bad;
            return frame.Slots[Historical[i]].Kind == SlotKind.True ? doubts | Devices.Readings.Quality.Historical : doubts;
        }

        return Devices.Readings.Quality.Good;
    }
}
