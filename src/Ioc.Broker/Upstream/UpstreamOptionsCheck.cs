using System.Text;
using Ioc.Mqtt.Topics;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Upstream;

/// <summary>Refuses at start what would only show when a connection fails. Every sentence names the setting.</summary>
internal sealed class UpstreamOptionsCheck : IValidateOptions<UpstreamsOptions>
{
    // Each upstream is two tasks, a session and its buffers; a city has a handful of brokers.
    private const int MaxUpstreams = 64;
    private const int MaxFilters = 256;

    // With the topic of an alias, which is not part of its packet, a journal record still has room for the rest.
    private const int MaxNameBytes = 1_024;

    public ValidateOptionsResult Validate(string? name, UpstreamsOptions options)
    {
        var failures = new List<string>();
        if (options.Upstreams.Count > MaxUpstreams)
            failures.Add($"Mqtt:Upstreams has {options.Upstreams.Count} entries; {MaxUpstreams} are the most.");

        for (int i = 0; i < options.Upstreams.Count; i++)
            Check(options.Upstreams[i], $"Mqtt:Upstreams:{i}", failures);

        foreach (IGrouping<string, UpstreamConfig> same in options.Upstreams.GroupBy(upstream => upstream.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            failures.Add($"Mqtt:Upstreams holds the name '{same.Key}' more than once.");

        foreach (var same in options.Upstreams.GroupBy(upstream => (Host: upstream.Host.ToUpperInvariant(), Port: UpstreamModel.PortOf(upstream), upstream.ClientId)).Where(group => group.Count() > 1))
            failures.Add($"Mqtt:Upstreams uses ClientId '{same.Key.ClientId}' more than once at one broker; they would throw each other out.");

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(UpstreamConfig upstream, string at, List<string> failures)
    {
        Text(upstream.Name, "Name", required: true, MaxNameBytes);
        Text(upstream.Host, "Host", required: true, MaxNameBytes);
        Text(upstream.ClientId, "ClientId", required: true, MaxNameBytes);
        Text(upstream.UserName, "UserName", required: false, MaxNameBytes);
        Text(upstream.Source, "Source", required: false, PublishHeader.MaxSourceBytes);
        Require(upstream.Port is null or (>= 1 and <= 65_535), "Port", $"{upstream.Port} is not a port");
        Require(upstream.Version is "5" or "3.1.1", "Version", $"'{upstream.Version}' is neither 5 nor 3.1.1");
        Require(upstream.Qos is >= 0 and <= 2, "Qos", $"{upstream.Qos} is not 0, 1 or 2");
        Require(upstream.ReceiveMaximum is >= 1 and <= 65_535, "ReceiveMaximum", $"{upstream.ReceiveMaximum} is not from 1 to 65535");
        Require(upstream.KeepAlive >= TimeSpan.FromSeconds(1) && upstream.KeepAlive <= TimeSpan.FromSeconds(65_535), "KeepAlive", $"{upstream.KeepAlive} is not from 00:00:01 to 18:12:15");
        Require(upstream.SessionExpiry >= TimeSpan.Zero && upstream.SessionExpiry.TotalSeconds <= uint.MaxValue, "SessionExpiry", $"{upstream.SessionExpiry} is below zero or too long");
        Require(upstream.ConnectTimeout >= TimeSpan.FromMilliseconds(100) && upstream.ConnectTimeout <= TimeSpan.FromMinutes(5), "ConnectTimeout", $"{upstream.ConnectTimeout} is not from 00:00:00.1 to 00:05:00");
        CheckCredentials();
        CheckTls();
        CheckFilters();

        void CheckCredentials()
        {
            Require(upstream.Password.Length == 0 || upstream.PasswordFile.Length == 0, "Password", "stands beside PasswordFile; give one of them");
            bool password = upstream.Password.Length > 0 || upstream.PasswordFile.Length > 0;
            Require(!password || upstream.UserName.Length > 0 || upstream.Version == "5", "UserName", "is missing: MQTT 3.1.1 knows no password without a user name");
            File(upstream.PasswordFile, "PasswordFile");
        }

        void CheckTls()
        {
            UpstreamTlsConfig tls = upstream.Tls;
            bool files = tls.CaFile.Length + tls.CertificateFile.Length + tls.KeyFile.Length > 0;
            Require(tls.Enabled || !files, "Tls:Enabled", "is not true, but certificates are given; they would not be used");
            Require(tls.KeyFile.Length == 0 || tls.CertificateFile.Length > 0, "Tls:CertificateFile", "is missing beside KeyFile");
            File(tls.CaFile, "Tls:CaFile");
            File(tls.CertificateFile, "Tls:CertificateFile");
            File(tls.KeyFile, "Tls:KeyFile");
        }

        void CheckFilters()
        {
            Require(upstream.Filters.Count is >= 1 and <= MaxFilters, "Filters", $"has {upstream.Filters.Count} entries; 1 to {MaxFilters} are asked for");
            Require(upstream.Filters.Distinct(StringComparer.Ordinal).Count() == upstream.Filters.Count, "Filters", "holds one filter twice");
            for (int i = 0; i < upstream.Filters.Count; i++)
                Require(IsFilter(upstream.Filters[i]), $"Filters:{i}", $"'{upstream.Filters[i]}' is not a topic filter");
        }

        void Text(string text, string key, bool required, int maxBytes)
        {
            Require(!required || text.Length > 0, key, "is missing");
            Require(!text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= maxBytes, key, $"is longer than {maxBytes} bytes or holds a zero");
        }

        void File(string path, string key) => Require(path.Length == 0 || System.IO.File.Exists(path), key, $"'{path}' is not a file that can be read");

        void Require(bool holds, string key, string otherwise)
        {
            if (!holds)
                failures.Add($"{at}:{key} {otherwise}.");
        }
    }

    private static bool IsFilter(string text)
    {
        byte[] filter = Encoding.UTF8.GetBytes(text);
        if (filter.Length > TopicName.MaxBytes || filter.AsSpan().Contains((byte)0) || !TopicFilter.IsValid(filter))
            return false;
        if (!TopicFilter.IsShared(filter))
            return true;

        // [MQTT-4.8.2-1], [MQTT-4.8.2-2] $share, a name without wildcards, and a filter behind it.
        ReadOnlySpan<byte> rest = filter;
        TopicFilter.TakeLevel(ref rest, out _);
        ReadOnlySpan<byte> group = TopicFilter.TakeLevel(ref rest, out bool last);
        return !last && !group.IsEmpty && !TopicFilter.HasWildcard(group) && TopicFilter.IsValid(rest);
    }
}
