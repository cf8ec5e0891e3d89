using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Transports;

/// <summary>The files named by <see cref="TlsTransportOptions"/>, as they are now: a renewed certificate serves the next handshake, and nobody is disconnected.</summary>
/// <remarks>Looked at during handshakes, so no timer and no watcher: links that are swapped as a whole are seen as well. Thread-safe.</remarks>
internal sealed class TlsCredentials
{
    // Certificates are renewed weeks before they expire.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly TlsTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private TlsModel _model;
    private byte[] _fingerprint;
    private long _lastLook;

    /// <exception cref="TransportException">A file cannot be read or is not what its setting says.</exception>
    public TlsCredentials(IOptions<TransportOptions> options, TimeProvider time, ILogger<TlsCredentials> log)
    {
        _options = options.Value.Tls;
        _time = time;
        _log = log;
        _lastLook = time.GetTimestamp();
        try
        {
            Files files = ReadFiles();
            _fingerprint = files.Fingerprint();
            _model = files.Model(_options.Password);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            throw new TransportException($"Mqtt:Tls: {Told(exception)}", exception);
        }

        Tell(_model);
    }

    /// <summary>What the next handshake uses.</summary>
    public TlsModel Current
    {
        get
        {
            long last = Volatile.Read(ref _lastLook);
            long now = _time.GetTimestamp();
            if (_time.GetElapsedTime(last, now) >= LookInterval && Interlocked.CompareExchange(ref _lastLook, now, last) == last)
                Look();
            return Volatile.Read(ref _model);
        }
    }

    private void Look()
    {
        try
        {
            Files files = ReadFiles();
            byte[] fingerprint = files.Fingerprint();
            if (fingerprint.AsSpan().SequenceEqual(Volatile.Read(ref _fingerprint)))
                return;

            // Certificate and key may be half replaced; the next look finds them whole.
            TlsModel renewed = files.Model(_options.Password);
            Volatile.Write(ref _model, renewed);
            Volatile.Write(ref _fingerprint, fingerprint);
            Tell(renewed);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            TransportLog.NewFilesUnusable(_log, Told(exception));
        }
    }

    private void Tell(TlsModel model)
    {
        DateTime now = _time.GetLocalNow().DateTime;
        if (now < model.Certificate.NotBefore || now > model.Certificate.NotAfter)
            TransportLog.CertificateNotValidNow(_log, model.Certificate.Subject, model.Certificate.NotBefore, model.Certificate.NotAfter);
        else
            TransportLog.CertificateInUse(_log, model.Certificate.Subject, model.Certificate.NotAfter);
    }

    private Files ReadFiles() => new(
        File.ReadAllBytes(_options.Certificate),
        _options.Key.Length > 0 ? File.ReadAllBytes(_options.Key) : null,
        _options.ClientCertificate != ClientCertificateUse.None ? File.ReadAllBytes(_options.ClientCa) : null);

    private string Told(Exception exception) => exception is CryptographicException or ArgumentException
        ? $"{string.Join(", ", new[] { _options.Certificate, _options.Key, _options.ClientCa }.Where(path => path.Length > 0))}: {exception.Message}"
        : exception.Message;

    private static bool IsOfFiles(Exception exception) => exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private readonly record struct Files(byte[] Certificate, byte[]? Key, byte[]? ClientCa)
    {
        public TlsModel Model(string? password) => TlsModel.Read(Certificate, Key, password, ClientCa);

        public byte[] Fingerprint() => SHA256.HashData([.. SHA256.HashData(Certificate), .. SHA256.HashData(Key ?? []), .. SHA256.HashData(ClientCa ?? [])]);
    }
}
