using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Secret = Realtime.Identity.Secret;

namespace Realtime.Web.Identity;

/// <summary>
/// Sessions are sealed by ASP.NET's data protection under one key that is derived from the installation's secret: whatever node a browser
/// comes back to can open its session, and no key has to be stored. Who changes the secret ends every session.
/// </summary>
internal static class SessionProtection
{
    public static void AddSessionProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("realtime").DisableAutomaticKeyGeneration();
        services.AddOptions<KeyManagementOptions>().Configure<Secret>((keys, secret) => keys.XmlRepository = new OneKey(secret));
    }

    private sealed class OneKey(Secret secret) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements()
        {
            XNamespace protection = "http://schemas.asp.net/2015/03/dataProtection";
            return
            [
                new XElement("key",
                    new XAttribute("id", new Guid(secret.Derive("session key id", 16))),
                    new XAttribute("version", 1),
                    new XElement("creationDate", "2026-01-01T00:00:00Z"),
                    new XElement("activationDate", "2026-01-01T00:00:00Z"),
                    new XElement("expirationDate", "9999-12-31T00:00:00Z"),
                    new XElement("descriptor",
                        new XAttribute("deserializerType", typeof(AuthenticatedEncryptorDescriptorDeserializer).AssemblyQualifiedName!),
                        new XElement("descriptor",
                            new XElement("encryption", new XAttribute("algorithm", "AES_256_CBC")),
                            new XElement("validation", new XAttribute("algorithm", "HMACSHA256")),
                            new XElement("masterKey", new XAttribute(protection + "requiresEncryption", true), new XElement("value", Convert.ToBase64String(secret.Derive("session key", 64))))))),
            ];
        }

        public void StoreElement(XElement element, string friendlyName) => throw new NotSupportedException("The one key is derived, not stored.");
    }
}
