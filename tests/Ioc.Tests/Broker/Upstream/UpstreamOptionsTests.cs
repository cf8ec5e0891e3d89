using Ioc.Broker.Upstream;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Broker.Upstream;

public class UpstreamOptionsTests
{
    public static TheoryData<string, Action<UpstreamConfig>> Mistakes() => new()
    {
        { "Mqtt:Upstreams:0:Name is missing.", config => config.Name = "" },
        { "Mqtt:Upstreams:0:Host is missing.", config => config.Host = "" },
        { "Mqtt:Upstreams:0:ClientId is missing.", config => config.ClientId = "" },
        { "Mqtt:Upstreams:0:Port 65536 is not a port.", config => config.Port = 65_536 },
        { "Mqtt:Upstreams:0:Version '4' is neither 5 nor 3.1.1.", config => config.Version = "4" },
        { "Mqtt:Upstreams:0:Qos 3 is not 0, 1 or 2.", config => config.Qos = 3 },
        { "Mqtt:Upstreams:0:ReceiveMaximum 0 is not from 1 to 65535.", config => config.ReceiveMaximum = 0 },
        { "Mqtt:Upstreams:0:KeepAlive 60.00:00:00 is not from 00:00:01 to 18:12:15.", config => config.KeepAlive = TimeSpan.FromDays(60) },
        { "Mqtt:Upstreams:0:Password stands beside PasswordFile; give one of them.", config => (config.UserName, config.Password, config.PasswordFile) = ("u", "p", "/etc/hostname") },
        { "Mqtt:Upstreams:0:PasswordFile '/nowhere/password' is not a file that can be read.", config => (config.UserName, config.PasswordFile) = ("u", "/nowhere/password") },
        { "Mqtt:Upstreams:0:UserName is missing: MQTT 3.1.1 knows no password without a user name.", config => (config.Version, config.Password) = ("3.1.1", "p") },
        { "Mqtt:Upstreams:0:Tls:Enabled is not true, but certificates are given; they would not be used.", config => config.Tls.CaFile = "/etc/hostname" },
        { "Mqtt:Upstreams:0:Tls:CaFile '/nowhere/ca.pem' is not a file that can be read.", config => (config.Tls.Enabled, config.Tls.CaFile) = (true, "/nowhere/ca.pem") },
        { "Mqtt:Upstreams:0:Source is longer than 255 bytes or holds a zero.", config => config.Source = new string('s', 256) },
        { "Mqtt:Upstreams:0:Filters:1 'a/#/b' is not a topic filter.", config => config.Filters.Add("a/#/b") },
        { "Mqtt:Upstreams:0:Filters:1 '$share/ioc' is not a topic filter.", config => config.Filters.Add("$share/ioc") },
        { "Mqtt:Upstreams:0:Filters:1 '$share/i+c/#' is not a topic filter.", config => config.Filters.Add("$share/i+c/#") },
        { "Mqtt:Upstreams:0:Filters:1 '$share//#' is not a topic filter.", config => config.Filters.Add("$share//#") },
        { "Mqtt:Upstreams:0:Filters has 0 entries; 1 to 256 are asked for.", config => config.Filters.Clear() },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_in_a_sentence_that_names_the_setting(string sentence, Action<UpstreamConfig> mistake)
    {
        var options = new UpstreamsOptions();
        UpstreamConfig config = RunningLink.Config(1883);
        mistake(config);
        options.Upstreams.Add(config);

        Assert.Equal([sentence], new UpstreamOptionsCheck().Validate(null, options).Failures);
    }

    [Fact]
    public void Two_that_would_throw_each_other_out_are_refused()
    {
        var options = new UpstreamsOptions();
        options.Upstreams.Add(RunningLink.Config(1883));
        options.Upstreams.Add(RunningLink.Config(1883, config => config.Host = "127.0.0.1"));

        ValidateOptionsResult result = new UpstreamOptionsCheck().Validate(null, options);

        Assert.Equal(
            ["Mqtt:Upstreams holds the name 'city' more than once.", "Mqtt:Upstreams uses ClientId 'ioc-1' more than once at one broker; they would throw each other out."],
            result.Failures);
    }

    [Fact]
    public void What_is_right_is_let_through_and_the_port_follows_TLS()
    {
        var options = new UpstreamsOptions();
        options.Upstreams.Add(RunningLink.Config(1883, config => config.Filters.Add("$share/ioc/tele/+/SENSOR")));

        Assert.True(new UpstreamOptionsCheck().Validate(null, options).Succeeded);
        Assert.Equal(1883, UpstreamModel.PortOf(new UpstreamConfig()));
        Assert.Equal(8883, UpstreamModel.PortOf(new UpstreamConfig { Tls = { Enabled = true } }));
    }
}
