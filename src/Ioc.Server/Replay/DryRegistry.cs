using Ioc.Devices.Registry;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Copies of the registry for decoding that must leave no trace: who appears in a copy does not exist. Thread-safe.</summary>
/// <remarks>A device of the registry has the same handle in a copy.</remarks>
internal sealed class DryRegistry(DeviceRegistry registry, IOptions<RegistryOptions> options, IClock clock)
{
    // A page asks for many messages one after another; what people change in the registry shows this much later.
    private static readonly Duration CopyLives = Duration.FromSeconds(5);

    private readonly Lock _gate = new();
    private DeviceRegistry? _copy;
    private Instant _copiedAt;

    /// <summary>A copy in which nobody new appears, shared for some seconds.</summary>
    public DeviceRegistry Shared
    {
        get
        {
            lock (_gate)
            {
                Instant now = clock.GetCurrentInstant();
                if (_copy is null || now - _copiedAt > CopyLives)
                    (_copy, _copiedAt) = (new DeviceRegistry(registry.All, new RegistryOptions { FirstContact = FirstContact.Reject }, clock), now);

                return _copy;
            }
        }
    }

    /// <summary>A copy of its own, in which devices appear as in the registry.</summary>
    public DeviceRegistry Own() => new(registry.All, options.Value, clock);
}
