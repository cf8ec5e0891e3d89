using System.Text;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Sparkplug;

namespace Ioc.Server.Pipeline;

/// <summary>Which decoder reads which part of the journal. Thread-safe; each call gives a decoder of its own.</summary>
internal interface IDecoderSource
{
    /// <summary>The one for the record at an offset.</summary>
    MessageDecoder At(long offset);

    /// <summary>The one that a record of kind <see cref="Ioc.Journal.RecordKind.Profiles"/> names, as ASCII, for what follows it.</summary>
    MessageDecoder Of(ReadOnlySpan<byte> edition);
}

/// <summary>Decoders over the editions of the profile folder: whoever reads an offset, whenever, decodes it with the same profiles.</summary>
internal sealed class EditionDecoders(ProfileEditions editions, DeviceRegistry registry, BirthBook births) : IDecoderSource
{
    public MessageDecoder At(long offset) => new(editions.At(offset).Set, registry, births);

    public MessageDecoder Of(ReadOnlySpan<byte> edition) => new(editions.Of(Encoding.ASCII.GetString(edition)).Set, registry, births);
}
