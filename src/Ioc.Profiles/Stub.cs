#pragma warning disable
using Ioc.Devices.Readings; using Ioc.Devices.Registry; using Ioc.Devices.Metrics; using NodaTime;
using Microsoft.Extensions.DependencyInjection; using Microsoft.Extensions.Configuration;
namespace Ioc.Profiles;
public class ProfileException : Exception {}
public readonly ref struct RawMessage { public long Offset {get;init;} public Instant ReceivedAt {get;init;} public ReadOnlySpan<byte> Source {get;init;} public ReadOnlySpan<byte> Topic {get;init;} public ReadOnlySpan<byte> Payload {get;init;} public bool RetainedDelivery {get;init;} }
public sealed class MessageDecoder { public void Decode(in RawMessage m, ReadingBatch b) => b.Rollback(m.Offset, m.ReceivedAt, DeviceId.None, QuarantineReason.ProfileUnknown, "x", b.ReadingCount); }
public static class ProfilesServices { public static IServiceCollection AddProfiles(this IServiceCollection s, IConfigurationSection c, string path) => s; }
