using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ioc.Mqtt;

namespace Ioc.Broker.Upstream;

/// <summary>An <see cref="UpstreamConfig"/> in the form the connection needs it. Immutable.</summary>
internal sealed class UpstreamModel(UpstreamConfig config, int maxPacketBytes)
{
    private static readonly byte[] LineEnds = [(byte)'\r', (byte)'\n'];

    public UpstreamConfig Config { get; } = config;

    public string Name => Config.Name;

    public string Host => Config.Host;

    public int Port { get; } = PortOf(config);

    public ProtocolVersion Version { get; } = config.Version == "5" ? ProtocolVersion.V5 : ProtocolVersion.V311;

    public byte[] ClientId { get; } = Encoding.UTF8.GetBytes(config.ClientId);

    public byte[] UserName { get; } = Encoding.UTF8.GetBytes(config.UserName);

    public byte[] Source { get; } = Encoding.UTF8.GetBytes(config.Source);

    public string[] Filters { get; } = [.. config.Filters];

    /// <summary>What the journal has room for, as for our own clients.</summary>
    public int MaxPacketBytes { get; } = maxPacketBytes;

    public uint SessionExpirySeconds { get; } = (uint)config.SessionExpiry.TotalSeconds;

    public static int PortOf(UpstreamConfig config) => config.Port ?? (config.Tls.Enabled ? 8883 : 1883);

    /// <summary>The password as it is now, or null. The file may change while we run.</summary>
    public async Task<byte[]?> ReadPasswordAsync(CancellationToken ct)
    {
        if (Config.PasswordFile.Length == 0)
            return Config.Password.Length == 0 ? null : Encoding.UTF8.GetBytes(Config.Password);

        byte[] bytes = await File.ReadAllBytesAsync(Config.PasswordFile, ct);
        return bytes.AsSpan().TrimEnd(LineEnds).ToArray();
    }

    /// <summary>The authorities we trust for it; null means the system's.</summary>
    public X509Certificate2Collection? ReadAuthorities()
    {
        if (Config.Tls.CaFile.Length == 0)
            return null;

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Config.Tls.CaFile);
        return authorities;
    }

    /// <summary>The certificate we show, or null. The caller disposes it.</summary>
    public X509Certificate2? ReadCertificate() => Config.Tls.CertificateFile.Length == 0
        ? null
        : X509Certificate2.CreateFromPemFile(Config.Tls.CertificateFile, Config.Tls.KeyFile.Length == 0 ? null : Config.Tls.KeyFile);
}
