using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Documents;

/// <summary>
/// FIWARE UltraLight 2.0: <c>name|value</c> pairs, groups separated by <c>#</c>, in front of each group an optional time. Becomes a
/// list of groups: <c>[{"TimeInstant":"…","t":"15","h":"70"}]</c>.
/// </summary>
internal sealed record UltraLightFormat() : DocumentFormat("ultralight"), IDocumentCodec
{
    public override IDocumentCodec Open() => this;

    public bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
    {
        ReadOnlySpan<byte> rest = NumberText.Trim(body);
        json.StartArray();
        while (true)
        {
            int end = rest.IndexOf((byte)'#');
            if (!TryGroup(end < 0 ? rest : rest[..end], json))
                return false;
            if (end < 0)
                break;

            rest = rest[(end + 1)..];
        }

        json.EndArray();
        return true;
    }

    private static bool TryGroup(ReadOnlySpan<byte> group, JsonScratch json)
    {
        json.StartObject();

        // Pairs make an even number of parts; one more is the time in front of them.
        if (group.Count((byte)'|') % 2 == 0)
        {
            ReadOnlySpan<byte> time = Next(ref group);
            if (group.IsEmpty || !TimeText.TryIso(time, out _, out _))
                return false;
            json.Name("TimeInstant"u8);
            json.String(time);
        }

        while (!group.IsEmpty)
        {
            ReadOnlySpan<byte> name = Next(ref group);
            if (name.IsEmpty)
                return false;
            json.Name(name);
            json.String(Next(ref group));
        }

        json.EndObject();
        return true;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        int bar = rest.IndexOf((byte)'|');
        ReadOnlySpan<byte> part = bar < 0 ? rest : rest[..bar];
        rest = bar < 0 ? default : rest[(bar + 1)..];
        return NumberText.Trim(part);
    }
}
