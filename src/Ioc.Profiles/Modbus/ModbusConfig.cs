using Ioc.Profiles.Model;

namespace Ioc.Profiles.Modbus;

/// <summary>The request that a Modbus answer answers, as written: numbers, or names of device parameters. The answer itself does not say it.</summary>
/// <param name="Function">Null when 3 and 4 will do.</param>
/// <param name="Address">First register asked for; null for 0.</param>
/// <param name="Count">Registers asked for; null when any number will do.</param>
internal sealed record ModbusConfig(MarkedText? Function, MarkedText? Address, MarkedText? Count)
{
    public static ModbusConfig Read(YamlMap body) => new(body.Text("function"), body.Text("address"), body.Text("count"));
}
