using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Ioc.Broker.Upstream;

/// <summary>The way to another broker: a socket, TLS over it if asked for, and pipes.</summary>
internal sealed class UpstreamTransport : IAsyncDisposable
{
    // One read drains what a busy broker has sent in a millisecond; each upstream has one such buffer.
    private const int ReadBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly X509Certificate2? _certificate;

    private UpstreamTransport(Stream stream, X509Certificate2? certificate)
    {
        _stream = stream;
        _certificate = certificate;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, minimumReadSize: ReadBytes / 16, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Looks the name up, connects and, where asked for, agrees on TLS.</summary>
    public static async Task<UpstreamTransport> OpenAsync(UpstreamModel model, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream stream;
        try
        {
            await socket.ConnectAsync(model.Host, model.Port, ct);
            stream = new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return model.Config.Tls.Enabled ? await ProtectAsync(stream, model, ct) : new UpstreamTransport(stream, certificate: null);
    }

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        // With an exception, so that nothing unflushed is written to a connection that is over.
        await Output.CompleteAsync(new IOException("the connection is over"));
        await _stream.DisposeAsync();
        _certificate?.Dispose();
    }

    private static async Task<UpstreamTransport> ProtectAsync(Stream stream, UpstreamModel model, CancellationToken ct)
    {
        var protectedStream = new SslStream(stream);
        X509Certificate2? certificate = null;
        try
        {
            certificate = model.ReadCertificate();
            var options = new SslClientAuthenticationOptions { TargetHost = model.Host };
            if (certificate is not null)
                options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
            if (model.ReadAuthorities() is { } authorities)
            {
                // Own authorities publish no revocation lists that an isolated network could reach.
                options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            }

            await protectedStream.AuthenticateAsClientAsync(options, ct);
            return new UpstreamTransport(protectedStream, certificate);
        }
        catch
        {
            await protectedStream.DisposeAsync();
            certificate?.Dispose();
            throw;
        }
    }
}
