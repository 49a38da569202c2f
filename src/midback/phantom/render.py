"""Off-screen VTK scene: bodies in a room, seen by one static camera."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Colour
from midback.phantom.camera import Camera
from midback.phantom.mesh import Mesh, skin
from midback.phantom.skeleton import Frames
from midback.phantom.stage import (
    FLOOR_HALF,
    Box,
    Stage,
    contact_shadow,
    floor_colours,
    wall_colours,
)

Array = NDArray[np.float64]
Image = NDArray[np.uint8]
Surface = Callable[[Mesh, Frames], tuple[Array, Array]]


def silhouette(camera: Camera, mesh: Mesh, frames: Frames) -> NDArray[np.bool_]:
    """Mask (H, W) that a posed body covers in the picture."""
    import cv2

    w, h = camera.size
    mask = np.zeros((h, w), np.uint8)
    points, _ = skin(mesh, frames)
    corners = np.rint(camera.project(points)[mesh.faces] * 16).astype(np.int32)
    for triangle in corners:
        cv2.fillConvexPoly(mask, triangle, 1, cv2.LINE_8, 4)
    return mask.astype(bool)


def _bytes(colours: Array) -> Image:
    """Colours 0..1 as (N, 3) bytes."""
    flat: Image = np.clip(255 * colours, 0, 255).astype(np.uint8).reshape(-1, 3)
    return flat


class Scene:
    """Draws posed meshes. Keep one Scene per clip and call `frame` for each picture.

    surface: where a mesh's points and normals are in a pose; `skin` unless clothes hang loose.
    """

    def __init__(
        self, camera: Camera, stage: Stage, meshes: list[Mesh], surface: Surface = skin
    ) -> None:
        import vtk

        self._vtk: Any = vtk
        vtk.vtkLogger.SetStderrVerbosity(vtk.vtkLogger.VERBOSITY_ERROR)
        self.camera, self.stage, self.meshes = camera, stage, meshes
        self._surface = surface
        self._renderer = vtk.vtkRenderer()
        self._window = vtk.vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(0)
        self._window.SetSize(*camera.size)
        self._window.AddRenderer(self._renderer)
        self._renderer.SetUseFXAA(True)
        self._renderer.SetBackground(0.8, 0.8, 0.8)
        self._aim()
        self._lights()
        self._floor_base = floor_colours(stage)
        self._floor_image = self._floor()
        self._wall()
        if stage.stool:
            self._stool(*stage.stool)
        for box in stage.boxes:
            self._box(box)
        self._bodies = [self._body(mesh) for mesh in meshes]

    def frame(self, frames: list[Frames]) -> Image:
        """BGR picture (H, W, 3) of all bodies in the given poses."""
        clouds = [self._surface(mesh, pose) for mesh, pose in zip(self.meshes, frames, strict=True)]
        for (points, normals), data in zip(clouds, self._bodies, strict=True):
            self._set(data.GetPoints().GetData(), points)
            self._set(data.GetPointData().GetNormals(), normals)
            data.GetPoints().Modified()
            data.Modified()
        shade = contact_shadow(np.concatenate([points for points, _ in clouds]))
        self._paint(self._floor_image, self._floor_base * shade[..., None])
        return self._grab()

    def silhouette(self, frames: list[Frames], index: int = 0) -> NDArray[np.bool_]:
        """Mask (H, W) of one body alone, nothing in front of it."""
        return silhouette(self.camera, self.meshes[index], frames[index])

    def _aim(self) -> None:
        view = self._renderer.GetActiveCamera()
        view.SetPosition(*self.camera.position)
        view.SetFocalPoint(*self.camera.target)
        view.SetViewUp(0, 1, 0)
        view.SetViewAngle(self.camera.fov_deg)
        view.SetClippingRange(0.3, 12.0)

    def _lights(self) -> None:
        rng = np.random.default_rng(self.stage.seed)
        side = rng.uniform(-1.5, 1.5)
        self._renderer.RemoveAllLights()
        for position, power in (
            ((side, 3.2, 2.2), 0.62),
            ((-2.0 * side, 1.4, 3.0), 0.28),
            ((0.3, 0.6, 3.0), 0.16),
        ):
            light = self._vtk.vtkLight()
            light.SetPositional(False)
            light.SetPosition(*position)
            light.SetFocalPoint(0, 0.3, 0)
            light.SetIntensity(power)
            warm = 1.0 - 0.06 * rng.random()
            light.SetColor(1.0, 0.5 + 0.5 * warm, warm)
            self._renderer.AddLight(light)

    def _set(self, target: Any, values: Array | Image) -> None:
        from vtk.util.numpy_support import vtk_to_numpy

        vtk_to_numpy(target)[:] = values
        target.Modified()

    def _paint(self, image: Any, colours: Array) -> None:
        self._set(image.GetPointData().GetScalars(), _bytes(colours))
        image.Modified()

    def _image(self, colours: Array) -> Any:
        from vtk.util.numpy_support import numpy_to_vtk

        image = self._vtk.vtkImageData()
        rows, columns = colours.shape[:2]
        image.SetDimensions(columns, rows, 1)
        image.GetPointData().SetScalars(numpy_to_vtk(_bytes(colours), deep=True))
        return image

    def _plane(self, corners: Array, image: Any) -> None:
        """Show an image on the rectangle with corners (3, 3): origin, end of row, end of column."""
        origin, first, second = corners
        plane = self._vtk.vtkPlaneSource()
        plane.SetOrigin(*origin)
        plane.SetPoint1(*first)
        plane.SetPoint2(*second)
        texture = self._vtk.vtkTexture()
        texture.SetInputDataObject(image)
        texture.InterpolateOn()
        texture.MipmapOn()
        mapper = self._vtk.vtkPolyDataMapper()
        mapper.SetInputConnection(plane.GetOutputPort())
        actor = self._vtk.vtkActor()
        actor.SetMapper(mapper)
        actor.SetTexture(texture)
        actor.GetProperty().LightingOff()
        self._renderer.AddActor(actor)

    def _floor(self) -> Any:
        image = self._image(self._floor_base)
        e = FLOOR_HALF
        self._plane(np.array([[-e, 0, -e], [e, 0, -e], [-e, 0, e]]), image)
        return image

    def _wall(self) -> None:
        e, z = 4.0, self.stage.wall_z
        corners = np.array([[-e, 0, z], [e, 0, z], [-e, 3.0, z]])
        self._plane(corners, self._image(wall_colours(self.stage)))

    def _stool(self, x: float, height: float) -> None:
        for top, tall, radius, shade in (
            (height, 0.045, 0.165, 0.34),
            (height - 0.045, height - 0.06, 0.03, 0.55),
            (0.03, 0.03, 0.19, 0.5),
        ):
            source = self._vtk.vtkCylinderSource()
            source.SetResolution(48)
            source.SetRadius(radius)
            source.SetHeight(tall)
            source.SetCenter(x, top - tall / 2, 0)
            self._solid(source, (shade, 0.85 * shade, 0.7 * shade))

    def _box(self, box: Box) -> None:
        source = self._vtk.vtkCubeSource()
        source.SetCenter(*box.centre)
        source.SetXLength(box.size[0])
        source.SetYLength(box.size[1])
        source.SetZLength(box.size[2])
        self._solid(source, box.colour)

    def _solid(self, source: Any, colour: Colour) -> None:
        mapper = self._vtk.vtkPolyDataMapper()
        mapper.SetInputConnection(source.GetOutputPort())
        actor = self._vtk.vtkActor()
        actor.SetMapper(mapper)
        actor.GetProperty().SetColor(*colour)
        self._renderer.AddActor(actor)

    def _body(self, mesh: Mesh) -> Any:
        from vtk.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray

        vtk = self._vtk
        data, points, cells = vtk.vtkPolyData(), vtk.vtkPoints(), vtk.vtkCellArray()
        points.SetData(numpy_to_vtk(mesh.points.astype(np.float32), deep=True))
        table = np.column_stack([np.full(len(mesh.faces), 3), mesh.faces]).ravel()
        cells.ImportLegacyFormat(numpy_to_vtkIdTypeArray(table.astype(np.int64), deep=True))
        data.SetPoints(points)
        data.SetPolys(cells)
        data.GetPointData().SetNormals(numpy_to_vtk(mesh.normals.astype(np.float32), deep=True))
        data.GetPointData().SetScalars(numpy_to_vtk(_bytes(mesh.colours), deep=True))
        mapper = vtk.vtkPolyDataMapper()
        mapper.SetInputData(data)
        actor = vtk.vtkActor()
        actor.SetMapper(mapper)
        look = actor.GetProperty()
        look.SetAmbient(0.32)
        look.SetDiffuse(0.9)
        look.SetSpecular(0.04)
        self._renderer.AddActor(actor)
        return data

    def _grab(self) -> Image:
        from vtk.util.numpy_support import vtk_to_numpy

        self._window.Render()
        grab = self._vtk.vtkWindowToImageFilter()
        grab.SetInput(self._window)
        grab.SetInputBufferTypeToRGB()
        grab.ReadFrontBufferOff()
        grab.ShouldRerenderOff()
        grab.Update()
        w, h = self.camera.size
        rgb = vtk_to_numpy(grab.GetOutput().GetPointData().GetScalars()).reshape(h, w, 3)
        picture: Image = np.ascontiguousarray(rgb[::-1, :, ::-1])
        return picture
