using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Realtime.Web.Edge;

/// <summary>The OpenAPI document: query parameters come from the very declarations that read them.</summary>
internal static class Reference
{
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Realtime";
            document.Info.Version = "v1";
            document.Info.Description = "Which pharmacies serve me now, nearest first, live. Refusals are RFC 9457 problems; instants are RFC 3339 with offset; distances are whole metres.";
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var shape in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryShape>())
                foreach (var parameter in shape.Parameters)
                    (operation.Parameters ??= []).Add(Describe(parameter));
            return Task.CompletedTask;
        });
    }

    private static OpenApiParameter Describe(QueryParameter parameter)
    {
        var one = new OpenApiSchema
        {
            Type = parameter.Type switch { "number" => JsonSchemaType.Number, "integer" => JsonSchemaType.Integer, _ => JsonSchemaType.String },
        };
        return new()
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Required = parameter.Required,
            Description = $"{parameter.Doc} Takes {parameter.Expected.English}.",
            Schema = parameter.Repeatable ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one,
        };
    }
}
