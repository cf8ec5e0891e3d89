namespace Ioc.Server.Api;

/// <summary>A request parameter cannot be understood; answered with 400 and a problem that names it.</summary>
internal sealed class BadParameterException(string parameter, string message) : Exception(message)
{
    public string Parameter { get; } = parameter;
}
