using System.Text;
using Ioc.Devices.Registry;
using Ioc.Server.ProfileTools;
using Ioc.Tests.Profiles;
using NodaTime;

namespace Ioc.Tests.Server.ProfileTools;

/// <summary>The shipped profiles on the bench.</summary>
internal static class Workbench
{
    public static readonly Instant Arrival = Instant.FromUtc(2026, 11, 22, 3, 0);

    public static DecodeBench Shipped { get; } = Open(DecoderUnderTest.Folder);

    public static DecodeBench Open(string folder)
    {
        IReadOnlyList<string> errors = ProfileFolder.Of(folder).Check(out DecodeBench? bench);
        return bench ?? throw new InvalidOperationException(string.Join('\n', errors));
    }

    public static DecodeView Decode(string topic, string payload, Func<string, Device?>? deviceOf = null) =>
        Shipped.Decode(new CapturedMessage(topic, Encoding.UTF8.GetBytes(payload), Arrival), [], deviceOf ?? (_ => null));
}
