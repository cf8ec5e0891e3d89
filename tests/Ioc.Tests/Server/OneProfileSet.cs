using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Server.Pipeline;

namespace Ioc.Tests.Server;

/// <summary>Profiles that never change.</summary>
internal sealed class OneProfileSet(ProfileSet set, DeviceRegistry registry) : IDecoderSource
{
    public MessageDecoder At(long offset) => new(set, registry);

    public MessageDecoder Of(ReadOnlySpan<byte> edition) => new(set, registry);
}
