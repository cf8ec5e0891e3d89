using Ioc.Profiles.Sparkplug;

namespace Ioc.Profiles.Documents;

/// <summary>How a body is written that is not plain JSON: the codec and what the profile sets about it. Equal formats share one document.</summary>
/// <param name="Name">What profiles call it under <c>body.codec</c>.</param>
internal abstract record DocumentFormat(string Name)
{
    /// <summary>Makes a codec for one decoder; it may keep state and memory of its own.</summary>
    public abstract IDocumentCodec Open();

    /// <summary>The same, for a codec that needs to know what earlier messages said.</summary>
    public virtual IDocumentCodec Open(SparkplugDesk sparkplug) => Open();
}

/// <summary>Turns a body into the JSON text that paths, iterations and conditions work on. Touched only by its decoder.</summary>
internal interface IDocumentCodec
{
    /// <summary>Writes the body as one JSON value.</summary>
    /// <param name="body">The payload without byte order mark, or what the envelope wrapped; may be anything.</param>
    /// <param name="message">The message around it: topic, source, arrival.</param>
    /// <param name="json">Takes the value.</param>
    /// <returns>False when the body is not what the codec promises. No exception, whatever the body holds.</returns>
    bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json);
}

/// <summary>A codec whose bodies may hold several documents; the fields are run over each.</summary>
internal interface IDocumentSeries : IDocumentCodec
{
    /// <summary>The body written last holds another one.</summary>
    bool HasMore { get; }

    /// <summary>Writes the next one of the same body.</summary>
    /// <returns>As <see cref="IDocumentCodec.TryWrite"/>.</returns>
    bool TryWriteNext(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json);
}
