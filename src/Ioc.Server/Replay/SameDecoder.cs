using Ioc.Profiles;
using Ioc.Server.Pipeline;

namespace Ioc.Server.Replay;

/// <summary>One decoder for the whole journal, whichever profiles were in force when: that is what decoding again means.</summary>
internal sealed class SameDecoder(MessageDecoder decoder) : IDecoderSource
{
    public MessageDecoder At(long offset) => decoder;

    public MessageDecoder Of(ReadOnlySpan<byte> edition) => decoder;
}
