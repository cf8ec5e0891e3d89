namespace Ioc.Server.Api;

/// <summary>A path names a device that the registry does not know; answered with 404.</summary>
internal sealed class UnknownDeviceException(string id) : Exception($"There is no device '{id}'.");
