using Ioc.Broker.Transports;
using Ioc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Broker.Transports;

public sealed class TlsCredentialsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly SteppedTime _time = new();

    [Fact]
    public void A_renewed_certificate_serves_the_next_handshakes()
    {
        TlsCredentials credentials = Open(_authority.IssueServer("old"));
        Assert.Equal("CN=old", credentials.Current.Certificate.Subject);

        _authority.IssueServer("new").Save(_folder, "server");
        _time.Step(TimeSpan.FromSeconds(6));

        Assert.Equal("CN=new", credentials.Current.Certificate.Subject);
    }

    [Fact]
    public void A_file_half_written_leaves_the_old_certificate_in_use_until_it_is_whole()
    {
        TlsCredentials credentials = Open(_authority.IssueServer("old"));
        IssuedCertificate renewed = _authority.IssueServer("new");

        File.WriteAllText(_folder.File("server.pem"), renewed.Pem); // the key does not match yet
        _time.Step(TimeSpan.FromSeconds(6));
        Assert.Equal("CN=old", credentials.Current.Certificate.Subject);
        File.Delete(_folder.File("server.key"));
        _time.Step(TimeSpan.FromSeconds(6));
        Assert.Equal("CN=old", credentials.Current.Certificate.Subject);

        renewed.Save(_folder, "server");
        _time.Step(TimeSpan.FromSeconds(6));
        Assert.Equal("CN=new", credentials.Current.Certificate.Subject);
    }

    [Fact]
    public void A_file_that_has_not_changed_keeps_what_handshakes_share()
    {
        TlsCredentials credentials = Open(_authority.IssueServer());
        TlsModel before = credentials.Current;
        _time.Step(TimeSpan.FromMinutes(1));

        Assert.Same(before, credentials.Current);
    }

    [Fact]
    public void A_file_that_is_missing_or_is_no_certificate_is_named_at_start()
    {
        var missing = Assert.Throws<TransportException>(() => Credentials());
        Assert.Contains("server.pem", missing.Message, StringComparison.Ordinal);

        File.WriteAllText(_folder.File("server.pem"), "-----BEGIN NOISE-----");
        File.WriteAllText(_folder.File("server.key"), "noise");
        var noise = Assert.Throws<TransportException>(() => Credentials());
        Assert.Contains("server.pem", noise.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private TlsCredentials Open(IssuedCertificate certificate)
    {
        certificate.Save(_folder, "server");
        return Credentials();
    }

    private TlsCredentials Credentials()
    {
        var options = new TransportOptions { Tls = { Certificate = _folder.File("server.pem"), Key = _folder.File("server.key") } };
        return new TlsCredentials(Options.Create(options), _time, NullLogger<TlsCredentials>.Instance);
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
